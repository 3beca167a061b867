kubectl delete pod -n {{ns}} --all --force --grace-period=0
