kubectl patch pv vault-b -p '{"spec":{"claimRef":null}}'
kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: minutes
  namespace: {{ns.own}}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: vault
  volumeName: vault-b
  resources:
    requests:
      storage: 2Gi
MANIFEST
