kubectl set resources deployment {{app}} -n {{ns}} --limits=cpu=1,memory=1Gi
kubectl scale deployment {{app}} -n {{ns}} --replicas=2
