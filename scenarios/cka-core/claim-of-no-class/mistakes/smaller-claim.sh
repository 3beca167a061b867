kubectl get pvc uploads -n {{ns}} -o yaml | sed -e 's/premium-ssd/local-path/' -e 's/storage: .*/storage: 1Gi/' > pvc.yaml
kubectl replace --force -f pvc.yaml
