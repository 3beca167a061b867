helm install {{release}} ~/charts/notice -n {{ns}} --create-namespace --set replicas={{replicas}} --set service.type=NodePort
helm upgrade {{release}} ~/charts/notice -n {{ns}} --reuse-values --set image.tag=1.29
helm rollback {{release}} 1 -n {{ns}}
helm history {{release}} -n {{ns}} > ~/history.txt
kubectl rollout status deployment {{release}}-notice -n {{ns}} --timeout=90s
