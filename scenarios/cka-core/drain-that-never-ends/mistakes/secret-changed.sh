kubectl patch secret seats-db -n {{ns}} -p '{"stringData":{"db-password":"row-Z-seat-9"}}'
kubectl rollout status deployment seats -n {{ns}} --timeout=90s
kubectl drain {{node}} --ignore-daemonsets --delete-emptydir-data --timeout=100s
kubectl rollout status deployment seats -n {{ns}} --timeout=60s
