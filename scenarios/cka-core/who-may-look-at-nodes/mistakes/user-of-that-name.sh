kubectl create clusterrole {{role}} --verb=get,list,watch --resource=nodes
kubectl create clusterrolebinding {{role}} --clusterrole={{role}} --user={{group}}
