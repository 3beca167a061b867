kubectl delete pvc uploads -n {{ns}}
kubectl apply -f - <<EOF
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
  namespace: {{ns}}
spec:
  storageClassName: local-path
  accessModes: ["ReadWriteOnce"]
  resources:
    requests:
      storage: {{size}}
EOF
kubectl rollout status deployment gallery -n {{ns}} --timeout=60s
