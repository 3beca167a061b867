kubectl create serviceaccount releaser -n {{ns.own}}
kubectl create role releaser -n {{ns.own}} --verb='*' --resource=deployments
kubectl create rolebinding releaser -n {{ns.own}} --role=releaser --serviceaccount={{ns.own}}:releaser
kubectl set serviceaccount deployment runner releaser -n {{ns.own}}
