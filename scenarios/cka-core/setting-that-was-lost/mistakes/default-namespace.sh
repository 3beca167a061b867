kubectl create configmap router-settings --from-literal=MAX_RATE={{rate}}
kubectl rollout restart deployment router -n {{ns}}
