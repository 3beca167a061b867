kubectl describe csr | grep -E '^Name|Common Name|Organization'
kubectl certificate approve {{who.second}}
kubectl certificate deny {{who.first}}
kubectl create role pods -n {{ns}} --verb=get,list,create,delete --resource=pods
kubectl create rolebinding {{who.name}} -n {{ns}} --role=pods --user={{who.name}}
