kubectl scale statefulset queue -n {{ns}} --replicas=2
kubectl delete pvc spool-queue-3 -n {{ns}}
