kubectl create clusterrole {{role}} --verb=get,list,watch --resource=nodes
kubectl create clusterrolebinding {{role}} --clusterrole={{role}} --group={{group}}
kubectl create clusterrolebinding {{role}}-view --clusterrole=view --group={{group}}
