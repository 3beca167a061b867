kubectl cordon {{node}}
kubectl patch deployment seats -n {{ns}} -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"DB_PASSWORD","valueFrom":{"secretKeyRef":{"name":"seats-db","key":"password"}}}]}]}}}}'
kubectl rollout status deployment seats -n {{ns}} --timeout=90s
kubectl drain {{node}} --ignore-daemonsets --delete-emptydir-data --timeout=100s
