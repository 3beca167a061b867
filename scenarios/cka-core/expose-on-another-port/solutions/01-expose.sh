kubectl expose deployment orders -n {{ns}} --port={{port}} --target-port=80
