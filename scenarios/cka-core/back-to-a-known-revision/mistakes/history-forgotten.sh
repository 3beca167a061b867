kubectl rollout undo deployment press -n {{ns}} --to-revision=2
kubectl patch deployment press -n {{ns}} -p '{"spec":{"strategy":{"rollingUpdate":{"maxUnavailable":0,"maxSurge":2}}}}'
