kubectl delete pod -n {{ns}} --field-selector=status.phase==Succeeded
kubectl rollout restart deployment portal -n {{ns}}
