kubectl set resources deployment {{app}} -n {{ns}} --limits=cpu=400m
