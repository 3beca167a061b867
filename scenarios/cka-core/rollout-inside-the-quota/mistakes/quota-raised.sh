kubectl patch quota floor-space -n {{ns}} -p '{"spec":{"hard":{"pods":"6"}}}'
kubectl rollout restart deployment {{app}} -n {{ns}}
