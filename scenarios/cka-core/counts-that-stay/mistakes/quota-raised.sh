kubectl patch quota objects -n {{ns}} -p '{"spec":{"hard":{"count/pods":"14"}}}'
kubectl rollout restart deployment portal -n {{ns}}
