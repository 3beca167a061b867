kubectl patch pdb seats -n {{ns}} -p '{"spec":{"minAvailable":0}}'
kubectl drain {{node}} --ignore-daemonsets --delete-emptydir-data --timeout=100s
