kubectl patch configmap router-settings -n {{ns}} -p '{"data":{"MAXRATE":"{{rate}}"}}'
kubectl rollout restart deployment router -n {{ns}}
