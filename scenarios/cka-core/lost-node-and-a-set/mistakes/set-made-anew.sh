kubectl get statefulset broker -n {{ns}} -o yaml > set.yaml
kubectl delete statefulset broker -n {{ns}}
kubectl delete pod -n {{ns}} -l app=broker --force --grace-period=0
sed -i -e '/uid:/d' -e '/resourceVersion:/d' set.yaml
kubectl create -f set.yaml
kubectl rollout status statefulset broker -n {{ns}} --timeout=60s
