kubectl scale deployment web -n shop --replicas=3
kubectl rollout status deployment web -n shop --timeout=60s
kubectl drain node02 --ignore-daemonsets --force --timeout=90s
