kubectl set resources deployment resizer -n {{ns}} --limits=memory=256Mi --requests=memory=128Mi
kubectl rollout status deployment resizer -n {{ns}} --timeout=60s
