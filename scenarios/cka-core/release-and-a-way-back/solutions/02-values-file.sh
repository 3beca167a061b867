kubectl create namespace {{ns}}
kubectl config set-context --current --namespace={{ns}}
printf 'replicas: {{replicas}}\nservice:\n  type: NodePort\n' > values.yaml
helm upgrade --install {{release}} ~/charts/notice -f values.yaml
helm upgrade {{release}} ~/charts/notice -f values.yaml --set-string image.tag=1.29
helm rollback {{release}}
helm history {{release}} | tee history.txt
