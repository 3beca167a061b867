kubectl rollout undo deployment press -n {{ns}} --to-revision=2
kubectl patch deployment press -n {{ns}} -p '{"spec":{"revisionHistoryLimit":5,"strategy":{"rollingUpdate":{"maxUnavailable":0,"maxSurge":2}}}}'
kubectl rollout status deployment press -n {{ns}} --timeout=90s
kubectl scale deployment press -n {{ns}} --replicas=3
