kubectl create service clusterip orders --tcp={{port}}:80
