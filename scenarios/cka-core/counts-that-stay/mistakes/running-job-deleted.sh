kubectl delete job import -n {{ns}}
