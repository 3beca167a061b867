kubectl create service clusterip legacy-db -n {{ns}} --tcp={{port}}
