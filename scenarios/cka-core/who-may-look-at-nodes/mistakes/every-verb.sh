kubectl create clusterrole {{role}} --verb='*' --resource=nodes
kubectl create clusterrolebinding {{role}} --clusterrole={{role}} --group={{group}}
