kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolume
metadata:
  name: {{ns}}-pages
spec:
  capacity:
    storage: {{size}}
  accessModes: [ReadWriteMany]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ""
  nfs:
    server: 172.30.1.2
    path: /exports/{{ns}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: pages
  namespace: {{ns}}
spec:
  accessModes: [ReadWriteMany]
  storageClassName: ""
  resources:
    requests:
      storage: {{size}}
MANIFEST
kubectl patch deployment editor -n {{ns}} -p '{"spec":{"template":{"spec":{"volumes":[{"name":"pages","emptyDir":null,"persistentVolumeClaim":{"claimName":"pages"}}]}}}}'
kubectl patch deployment site -n {{ns}} -p '{"spec":{"template":{"spec":{"volumes":[{"name":"pages","emptyDir":null,"persistentVolumeClaim":{"claimName":"pages"}}],"containers":[{"name":"nginx","volumeMounts":[{"mountPath":"/usr/share/nginx/html","name":"pages","readOnly":true}]}]}}}}'
kubectl rollout status deployment site -n {{ns}} --timeout=120s
