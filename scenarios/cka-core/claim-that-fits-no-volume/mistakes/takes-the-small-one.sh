kubectl get pvc scans -n {{ns}} -o yaml | sed -e 's/ReadWriteOnce/ReadWriteMany/' -e 's/storage: .*/storage: 1Gi/' > pvc.yaml
kubectl replace --force -f pvc.yaml
