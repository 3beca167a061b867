helm install {{release}} ~/charts/notice -n {{ns}} --create-namespace
helm upgrade {{release}} ~/charts/notice -n {{ns}} --reuse-values --set image.tag=1.29
helm rollback {{release}} 1 -n {{ns}}
helm history {{release}} -n {{ns}} > ~/history.txt
