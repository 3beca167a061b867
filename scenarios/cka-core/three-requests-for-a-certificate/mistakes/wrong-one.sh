kubectl certificate approve {{who.first}}
kubectl certificate deny {{who.second}}
kubectl create role pods -n {{ns}} --verb=get,list,create,delete --resource=pods
kubectl create rolebinding {{who.name}} -n {{ns}} --role=pods --user={{who.name}}
