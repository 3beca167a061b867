kubectl patch configmap release-lock -n {{ns}} --type=merge -p '{"metadata":{"finalizers":null}}'
