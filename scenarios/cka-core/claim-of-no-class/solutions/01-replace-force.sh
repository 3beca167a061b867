kubectl get pvc uploads -n {{ns}} -o yaml > pvc.yaml
sed -i 's/premium-ssd/local-path/' pvc.yaml
kubectl replace --force -f pvc.yaml
