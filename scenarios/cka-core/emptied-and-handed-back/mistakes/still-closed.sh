kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data --force
kubectl apply -f import.yaml
