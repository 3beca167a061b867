kubectl scale deployment {{app}} -n {{ns}} --replicas=3
kubectl rollout restart deployment {{app}} -n {{ns}}
