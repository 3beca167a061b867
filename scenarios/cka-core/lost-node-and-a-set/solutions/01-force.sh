kubectl delete pod broker-1 broker-2 -n {{ns}} --force --grace-period=0
kubectl rollout status statefulset broker -n {{ns}} --timeout=60s
