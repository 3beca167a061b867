kubectl create service clusterip {{set}} -n {{ns}} --clusterip=None --tcp=80
