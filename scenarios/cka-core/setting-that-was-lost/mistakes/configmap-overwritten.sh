kubectl create configmap router-settings -n {{ns}} --from-literal=MAX_RATE={{rate}} --dry-run=client -o yaml | kubectl replace -f -
kubectl rollout restart deployment router -n {{ns}}
