kubectl set resources deployment {{app}} -n {{ns}} --limits=cpu=100m,memory=64Mi --requests=cpu=100m,memory=64Mi
