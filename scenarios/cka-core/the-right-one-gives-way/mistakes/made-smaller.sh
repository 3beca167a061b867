kubectl scale deployment reports -n {{ns}} --replicas=1
kubectl rollout status deployment payments -n {{ns}} --timeout=60s
