KUBE_EDITOR="sed -i -e 's/key: db-password/key: password/' -e 's/  replicas: 3/  replicas: 2/'" kubectl edit deployment seats -n {{ns}}
kubectl rollout status deployment seats -n {{ns}} --timeout=90s
