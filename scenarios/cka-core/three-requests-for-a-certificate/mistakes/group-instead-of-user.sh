kubectl certificate approve {{who.second}}
kubectl certificate deny {{who.first}}
kubectl create role pods -n {{ns}} --verb=get,list,create,delete --resource=pods
kubectl create rolebinding dev -n {{ns}} --role=pods --group=dev
