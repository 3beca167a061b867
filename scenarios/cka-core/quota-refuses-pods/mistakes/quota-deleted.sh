kubectl delete quota team-budget -n {{ns}}
kubectl rollout restart deployment {{app}} -n {{ns}}
