kubectl delete namespace {{ns}} --wait=false --force --grace-period=0
kubectl label namespace {{ns}} owner={{owner}}
