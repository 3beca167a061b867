kubectl get deployment {{app}}-stable -n {{ns}} -o yaml | sed -e 's/track: stable/track: live/' -e 's/name: http/name: web/' > deploy.yaml
kubectl replace --force -f deploy.yaml
