helm install {{release}} ~/charts/notice --set replicas={{replicas}} --set service.type=NodePort
helm upgrade {{release}} ~/charts/notice --reuse-values --set image.tag=1.29
helm rollback {{release}} 1
helm history {{release}} > ~/history.txt
