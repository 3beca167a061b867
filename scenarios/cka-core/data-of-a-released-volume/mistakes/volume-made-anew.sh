kubectl get pv vault-b -o json | jq 'del(.metadata.uid, .metadata.resourceVersion, .metadata.annotations, .spec.claimRef, .status) | .spec.persistentVolumeReclaimPolicy = "Delete"' > pv.json
kubectl delete pv vault-b
kubectl create -f pv.json
kubectl apply -n {{ns.own}} -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: minutes}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: vault
  volumeName: vault-b
  resources: {requests: {storage: 2Gi}}
MANIFEST
