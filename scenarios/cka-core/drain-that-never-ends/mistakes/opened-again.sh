KUBE_EDITOR="sed -i 's/key: db-password/key: password/'" kubectl edit deployment seats -n {{ns}}
kubectl rollout status deployment seats -n {{ns}} --timeout=90s
kubectl drain {{node}} --ignore-daemonsets --delete-emptydir-data --timeout=100s
kubectl rollout status deployment seats -n {{ns}} --timeout=60s
kubectl uncordon {{node}}
