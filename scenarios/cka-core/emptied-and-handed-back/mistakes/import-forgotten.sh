kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data --force
kubectl uncordon {{node.own}}
