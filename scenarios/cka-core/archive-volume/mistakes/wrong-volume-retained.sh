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
  resources:
    requests:
      storage: 1536Mi
YAML
kubectl patch deployment indexer -n records -p '
spec:
  template:
    spec:
      volumes:
        - name: data
          emptyDir: null
          persistentVolumeClaim:
            claimName: archive
'
kubectl patch pv archive-01 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'
