kubectl delete pod connection-test -n {{ns}}
kubectl delete job run-{{day.second}} -n {{ns}} --cascade=foreground
kubectl scale deployment portal -n {{ns}} --replicas=2
kubectl scale deployment portal -n {{ns}} --replicas=4
