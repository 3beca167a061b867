kubectl logs -n {{ns}} deploy/router -c router --previous
kubectl patch configmap router-settings -n {{ns}} -p '{"data":{"MAX_RATE":"{{rate}}"}}'
kubectl rollout restart deployment router -n {{ns}}
kubectl rollout status deployment router -n {{ns}} --timeout=60s
