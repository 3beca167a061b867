kubectl rollout restart deployment {{app}} -n {{ns}}
