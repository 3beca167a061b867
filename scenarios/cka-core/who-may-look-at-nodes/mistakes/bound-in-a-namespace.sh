kubectl create clusterrole {{role}} --verb=get,list,watch --resource=nodes
kubectl create rolebinding {{role}} --clusterrole={{role}} --group={{group}}
