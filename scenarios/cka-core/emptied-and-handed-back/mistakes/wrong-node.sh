kubectl drain {{node.other}} --ignore-daemonsets --delete-emptydir-data --force
kubectl uncordon {{node.other}}
kubectl delete pod import -n {{ns}}
