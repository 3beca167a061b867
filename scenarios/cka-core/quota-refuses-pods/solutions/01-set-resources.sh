kubectl set resources deployment {{app}} -n {{ns}} --limits=cpu=400m,memory=256Mi
kubectl rollout status deployment {{app}} -n {{ns}} --timeout=60s
