kubectl uncordon node02
kubectl patch pdb web -n shop -p '{"spec":{"minAvailable":1}}'
kubectl drain node01 --ignore-daemonsets --force --timeout=90s
