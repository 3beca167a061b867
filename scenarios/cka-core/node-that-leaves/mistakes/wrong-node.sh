kubectl drain {{node.other}} --ignore-daemonsets --delete-emptydir-data
kubectl delete node {{node.other}}
