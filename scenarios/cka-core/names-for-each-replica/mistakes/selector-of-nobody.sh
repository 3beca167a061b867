kubectl create service clusterip {{set}} -n {{ns}} --clusterip=None --tcp=80
kubectl patch service {{set}} -n {{ns}} -p '{"spec":{"publishNotReadyAddresses":true}}'
kubectl set selector service {{set}} -n {{ns}} name={{set}}
