kubectl delete pod connection-test -n {{ns}}
kubectl rollout restart deployment portal -n {{ns}}
