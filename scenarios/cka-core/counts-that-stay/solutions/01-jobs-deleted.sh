kubectl delete job run-{{day.first}} run-{{day.second}} -n {{ns}}
kubectl rollout restart deployment portal -n {{ns}}
