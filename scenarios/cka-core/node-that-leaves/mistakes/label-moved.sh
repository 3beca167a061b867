kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data
kubectl delete node {{node.own}}
kubectl label node {{node.other}} hall=north --overwrite
