kubectl delete pvc scans -n {{ns}}
kubectl apply -f - <<EOF
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: scans
  namespace: {{ns}}
spec:
  storageClassName: scans
  accessModes: ["ReadWriteMany"]
  resources:
    requests:
      storage: {{size.large}}
EOF
