kubectl apply -f - <<'YAML'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: archive
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: archive-01
spec:
  capacity:
    storage: 2Gi
  accessModes:
    - ReadWriteOnce
  persistentVolumeReclaimPolicy: Retain
  storageClassName: archive
  hostPath:
    path: /srv/archive
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: archive
  namespace: records
spec:
  accessModes:
    - ReadWriteOnce
  storageClassName: archive
  volumeName: archive-01
  resources:
    requests:
      storage: 1536Mi
YAML
kubectl get deployment indexer -n records -o json |
  jq '.spec.template.spec.volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "archive"}}]' |
  kubectl replace -f -
kubectl rollout status deployment indexer -n records --timeout=60s
kubectl patch pv ledger-01 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'
