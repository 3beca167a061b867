helm install {{release}} ~/charts/notice -n {{ns}} --create-namespace --set replicas={{replicas}} --set service.type=NodePort
helm upgrade {{release}} ~/charts/notice -n {{ns}} --reuse-values --set image.tag=1.29
helm history {{release}} -n {{ns}} > ~/history.txt
