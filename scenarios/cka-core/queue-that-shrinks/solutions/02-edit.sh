kubectl get statefulset queue -n {{ns}} -o json | jq '.spec.replicas = 2 | .spec.persistentVolumeClaimRetentionPolicy = {whenScaled: "Delete", whenDeleted: "Retain"}' | kubectl replace -f -
kubectl wait pod queue-2 -n {{ns}} --for=delete --timeout=60s
kubectl delete pvc spool-queue-3 -n {{ns}}
