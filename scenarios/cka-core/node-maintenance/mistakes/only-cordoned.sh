kubectl uncordon node02
kubectl cordon node01
kubectl scale deployment web -n shop --replicas=3
