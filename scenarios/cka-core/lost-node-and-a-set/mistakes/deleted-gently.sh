kubectl delete pod broker-1 broker-2 -n {{ns}} --wait=false
