kubectl uncordon node02
kubectl delete pdb web -n shop
kubectl drain node01 --ignore-daemonsets --force --timeout=90s
kubectl scale deployment web -n shop --replicas=3
