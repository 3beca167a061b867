kubectl patch deployment {{app}} -n {{ns}} -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":1}}}}'
# the ReplicaSet that was refused for an hour waits long before it tries again; a new one does not
kubectl rollout restart deployment {{app}} -n {{ns}}
