KUBE_EDITOR="sed -i 's/maxUnavailable: 0/maxUnavailable: 1/'" kubectl edit deployment {{app}} -n {{ns}}
kubectl rollout restart deployment {{app}} -n {{ns}}
