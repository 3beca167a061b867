kubectl delete pvc --all -n {{ns}} --wait=false
kubectl patch statefulset queue -n {{ns}} -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"}}}'
kubectl scale statefulset queue -n {{ns}} --replicas=0
kubectl wait pod queue-0 -n {{ns}} --for=delete --timeout=60s
kubectl scale statefulset queue -n {{ns}} --replicas=2
