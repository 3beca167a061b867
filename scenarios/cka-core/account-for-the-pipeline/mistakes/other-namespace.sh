kubectl create serviceaccount releaser -n {{ns.own}}
kubectl create role releaser -n {{ns.other}} --verb=get,list,create,update,patch --resource=deployments
kubectl create rolebinding releaser -n {{ns.other}} --role=releaser --serviceaccount={{ns.own}}:releaser
kubectl set serviceaccount deployment runner releaser -n {{ns.own}}
