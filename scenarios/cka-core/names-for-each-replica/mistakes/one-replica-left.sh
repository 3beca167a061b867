kubectl create service clusterip {{set}} -n {{ns}} --clusterip=None --tcp=80
kubectl patch service {{set}} -n {{ns}} -p '{"spec":{"publishNotReadyAddresses":true}}'
kubectl scale statefulset {{set}} -n {{ns}} --replicas=1
