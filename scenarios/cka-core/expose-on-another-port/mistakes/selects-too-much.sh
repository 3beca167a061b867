kubectl create service clusterip orders -n {{ns}} --tcp={{port}}:80
kubectl set selector service orders -n {{ns}} tier=web
