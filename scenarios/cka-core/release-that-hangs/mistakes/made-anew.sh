kubectl get deployment {{app}} -n {{ns}} -o yaml | sed -e 's/nginx:1.29-sommer/nginx:1.28/' -e 's/value: summer/value: spring/' > deploy.yaml
kubectl replace --force -f deploy.yaml
