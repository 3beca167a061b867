kubectl scale statefulset broker -n {{ns}} --replicas=1
