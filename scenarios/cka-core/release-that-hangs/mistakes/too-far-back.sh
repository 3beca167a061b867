kubectl rollout undo deployment {{app}} -n {{ns}} --to-revision=1
