kubectl create clusterrole {{role}} --verb=get,list,watch --resource=nodes,pods,configmaps
kubectl create clusterrolebinding {{role}} --clusterrole={{role}} --group={{group}}
