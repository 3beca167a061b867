kubectl rollout restart statefulset broker -n {{ns}}
