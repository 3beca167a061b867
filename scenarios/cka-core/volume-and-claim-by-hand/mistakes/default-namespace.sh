kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolume
metadata: {name: receipts-01}
spec:
  capacity: {storage: {{size.offers}}}
  accessModes: [ReadWriteOnce]
  storageClassName: manual
  hostPath: {path: /srv/receipts}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: receipts}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: manual
  resources: {requests: {storage: {{size.asks}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: printer, namespace: {{ns}}}
spec:
  containers:
    - {name: c, image: 'busybox:1.37', command: [sleep, infinity], volumeMounts: [{name: r, mountPath: /receipts}]}
  volumes: [{name: r, persistentVolumeClaim: {claimName: receipts}}]
MANIFEST
