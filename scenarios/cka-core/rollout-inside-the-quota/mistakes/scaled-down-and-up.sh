kubectl scale deployment {{app}} -n {{ns}} --replicas=3
kubectl rollout restart deployment {{app}} -n {{ns}}
kubectl rollout status deployment {{app}} -n {{ns}} --timeout=60s
kubectl scale deployment {{app}} -n {{ns}} --replicas=4
