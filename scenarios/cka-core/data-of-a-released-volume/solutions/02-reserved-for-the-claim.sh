kubectl patch pv vault-b --type=json -p '[{"op":"remove","path":"/spec/claimRef/uid"},{"op":"remove","path":"/spec/claimRef/resourceVersion"}]'
kubectl create -n {{ns.own}} -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: minutes}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: vault
  resources: {requests: {storage: 2Gi}}
MANIFEST
