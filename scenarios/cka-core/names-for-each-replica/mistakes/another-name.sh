kubectl create service clusterip {{set}}-headless -n {{ns}} --clusterip=None --tcp=80
kubectl set selector service {{set}}-headless -n {{ns}} app={{set}}
