kubectl create service clusterip {{set}} -n {{ns}} --tcp=80
