kubectl certificate approve {{who.second}}
kubectl certificate deny {{who.first}}
kubectl create clusterrole pods --verb=get,list,create,delete --resource=pods
kubectl create clusterrolebinding {{who.name}} --clusterrole=pods --user={{who.name}}
