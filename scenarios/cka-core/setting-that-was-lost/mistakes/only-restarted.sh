kubectl rollout restart deployment router -n {{ns}}
