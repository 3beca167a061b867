kubectl certificate approve {{who.second}}
kubectl delete csr {{who.first}}
kubectl create role pods -n {{ns}} --verb=get,list,create,delete --resource=pods
kubectl create rolebinding {{who.name}} -n {{ns}} --role=pods --user={{who.name}}
