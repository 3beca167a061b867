kubectl create service clusterip {{name}} -n {{ns}} --tcp=80
kubectl set selector service {{name}} -n {{ns}} app=rates-v2
