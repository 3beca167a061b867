kubectl delete limitrange container-bounds -n {{ns}}
kubectl set resources deployment resizer -n {{ns}} --limits=memory=512Mi
