kubectl create clusterrole telescope-view --verb=get,list,watch --resource={{kind.many}}.{{kind.group}},{{kind.twos}}.{{kind.group}}
kubectl label clusterrole telescope-view rbac.authorization.k8s.io/aggregate-to-view=true
kubectl create clusterrole telescope-edit --verb=create,update,patch,delete --resource={{kind.many}}.{{kind.group}},{{kind.twos}}.{{kind.group}}
kubectl label clusterrole telescope-edit rbac.authorization.k8s.io/aggregate-to-edit=true
