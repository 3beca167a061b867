kubectl rollout undo deployment {{app}} -n {{ns}} --to-revision=2
kubectl rollout status deployment {{app}} -n {{ns}} --timeout=90s
