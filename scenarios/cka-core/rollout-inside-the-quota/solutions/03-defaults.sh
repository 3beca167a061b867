kubectl patch deployment {{app}} -n {{ns}} --type=merge -p '{"spec":{"strategy":null}}'
kubectl rollout restart deployment {{app}} -n {{ns}}
