kubectl get pvc scans -n {{ns}} -o yaml | sed -e 's/ReadWriteOnce/ReadWriteMany/' -e 's/storage: .*/storage: 500Mi/' -e 's/^spec:/spec:\n  volumeName: scans-old/' > pvc.yaml
kubectl replace --force -f pvc.yaml
