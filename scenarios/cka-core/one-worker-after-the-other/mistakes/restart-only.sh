kubectl rollout restart deployment front cart -n {{ns}}
kubectl rollout status deployment front -n {{ns}} --timeout=90s
