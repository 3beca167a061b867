kubectl get pvc scans -n {{ns}} -o yaml | sed -e 's/storageClassName: scans/storageClassName: local-path/' > pvc.yaml
kubectl replace --force -f pvc.yaml
