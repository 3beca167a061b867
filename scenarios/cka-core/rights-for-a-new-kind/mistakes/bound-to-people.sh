kubectl create clusterrole telescope-view --verb=get,list,watch --resource={{kind.many}}.{{kind.group}},{{kind.twos}}.{{kind.group}}
kubectl create clusterrole telescope-edit --verb=get,list,watch,create,update,patch,delete --resource={{kind.many}}.{{kind.group}}
kubectl create rolebinding vera -n {{ns}} --clusterrole=telescope-view --user=vera
kubectl create rolebinding emil -n {{ns}} --clusterrole=telescope-edit --user=emil
