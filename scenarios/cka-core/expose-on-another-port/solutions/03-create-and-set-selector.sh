kubectl create service clusterip orders -n {{ns}} --tcp={{port}}:80
kubectl set selector service orders -n {{ns}} app=orders,tier=web
