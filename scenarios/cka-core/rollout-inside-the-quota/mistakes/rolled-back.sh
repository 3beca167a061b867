kubectl rollout undo deployment {{app}} -n {{ns}}
