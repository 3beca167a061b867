kubectl create -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolume
metadata: {name: receipts-01}
spec:
  capacity: {storage: {{size.offers}}}
  accessModes: [ReadWriteOnce]
  storageClassName: manual
  persistentVolumeReclaimPolicy: Delete
  claimRef: {name: receipts, namespace: {{ns}}}
  hostPath: {path: /srv/receipts, type: DirectoryOrCreate}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: receipts, namespace: {{ns}}}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: manual
  volumeName: receipts-01
  resources: {requests: {storage: {{size.asks}}}}
MANIFEST
kubectl run printer -n {{ns}} --image=busybox:1.37 --dry-run=client -o json -- sleep infinity \
  | jq '.spec.volumes = [{name: "out", persistentVolumeClaim: {claimName: "receipts"}}] | .spec.containers[0].name = "main" | .spec.containers[0].volumeMounts = [{name: "out", mountPath: "/receipts"}]' \
  | kubectl create -f -
