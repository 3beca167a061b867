kubectl scale deployment portal -n {{ns}} --replicas=2
