kubectl scale deployment printer -n {{ns}} --replicas=0
kubectl rollout restart deployment {{app}} -n {{ns}}
