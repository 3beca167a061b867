for pv in vault-a vault-b; do kubectl patch pv $pv -p '{"spec":{"claimRef":null}}'; done
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
