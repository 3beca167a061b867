KUBE_EDITOR="sed -i 's/^  REGION: north/  MAX_RATE: \"{{rate}}\"\n  REGION: north/'" kubectl edit configmap router-settings -n {{ns}}
kubectl delete pod -n {{ns}} -l app=router
