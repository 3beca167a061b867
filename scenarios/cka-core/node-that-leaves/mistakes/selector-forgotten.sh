kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data
kubectl delete node {{node.own}}
