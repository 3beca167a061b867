kubectl patch statefulset queue -n {{ns}} -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"}}}'
kubectl scale statefulset queue -n {{ns}} --replicas=2
kubectl delete pvc spool-queue-3 -n {{ns}}
