kubectl get deployment {{app}} -n {{ns}} -o yaml > app.yaml
kubectl replace --force -f app.yaml
