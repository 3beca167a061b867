kubectl certificate approve {{who.first}} {{who.second}} csr-n3v5j
kubectl create role pods -n {{ns}} --verb=get,list,create,delete --resource=pods
kubectl create rolebinding {{who.name}} -n {{ns}} --role=pods --user={{who.name}}
