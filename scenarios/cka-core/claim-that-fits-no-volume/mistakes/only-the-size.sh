kubectl get pvc scans -n {{ns}} -o yaml | sed -e 's/storage: .*/storage: {{size.large}}/' > pvc.yaml
kubectl replace --force -f pvc.yaml
