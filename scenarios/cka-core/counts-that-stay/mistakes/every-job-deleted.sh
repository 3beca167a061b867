kubectl delete jobs --all -n {{ns}}
kubectl rollout restart deployment portal -n {{ns}}
