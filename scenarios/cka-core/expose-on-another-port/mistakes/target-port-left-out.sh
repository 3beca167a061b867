kubectl expose deployment orders -n {{ns}} --port={{port}}
