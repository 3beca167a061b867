kubectl get pvc scans -n {{ns}} -o yaml | sed -e 's/ReadWriteOnce/ReadWriteMany/' > pvc.yaml
kubectl replace --force -f pvc.yaml
