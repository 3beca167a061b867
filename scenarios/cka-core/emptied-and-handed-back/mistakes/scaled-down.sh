kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data --force
kubectl scale deployment ledger -n {{ns}} --replicas=2
kubectl uncordon {{node.own}}
kubectl apply -f import.yaml
