kubectl patch configmap release-lock -n {{ns}} --type=merge -p '{"metadata":{"finalizers":null}}'
kubectl patch lease release-leader -n {{ns}} --type=merge -p '{"metadata":{"finalizers":null}}'
