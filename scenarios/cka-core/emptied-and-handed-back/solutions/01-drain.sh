kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data --force
kubectl uncordon {{node.own}}
kubectl apply -f import.yaml
kubectl rollout status deployment ledger -n {{ns}} --timeout=60s
