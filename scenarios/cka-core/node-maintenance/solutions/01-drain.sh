kubectl uncordon node02
kubectl scale deployment web -n shop --replicas=3
kubectl rollout status deployment web -n shop --timeout=60s
kubectl drain node01 --ignore-daemonsets --force --timeout=90s
kubectl rollout status deployment web -n shop --timeout=60s
