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
kubectl patch pv ledger-01 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'
kubectl get pvc ledger -n records -o yaml > ledger.yaml
kubectl delete pvc ledger -n records
kubectl patch pv ledger-01 --type=json -p '[{"op":"remove","path":"/spec/claimRef"}]'
sed -i -e '/uid:/d' -e '/resourceVersion:/d' ledger.yaml
kubectl apply -f ledger.yaml
