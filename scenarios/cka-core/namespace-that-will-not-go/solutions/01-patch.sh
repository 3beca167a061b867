kubectl patch configmap release-lock -n {{ns}} --type=merge -p '{"metadata":{"finalizers":null}}'
kubectl patch lease release-leader -n {{ns}} --type=merge -p '{"metadata":{"finalizers":null}}'
kubectl wait namespace {{ns}} --for=delete --timeout=90s
kubectl create namespace {{ns}}
kubectl label namespace {{ns}} owner={{owner}}
