kubectl create serviceaccount releaser -n {{ns.own}}
kubectl create clusterrole releaser --verb=get,list,create,update,patch --resource=deployments
kubectl create clusterrolebinding releaser --clusterrole=releaser --serviceaccount={{ns.own}}:releaser
kubectl set serviceaccount deployment runner releaser -n {{ns.own}}
