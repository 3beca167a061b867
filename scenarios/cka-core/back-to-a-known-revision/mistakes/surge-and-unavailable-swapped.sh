kubectl rollout undo deployment press -n {{ns}} --to-revision=2
kubectl patch deployment press -n {{ns}} -p '{"spec":{"revisionHistoryLimit":5,"strategy":{"rollingUpdate":{"maxUnavailable":2,"maxSurge":0}}}}'
