kubectl patch statefulset queue -n {{ns}} -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"}}}'
kubectl scale statefulset queue -n {{ns}} --replicas=2
