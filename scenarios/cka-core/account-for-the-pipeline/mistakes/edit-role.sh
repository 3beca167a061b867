kubectl create serviceaccount releaser -n {{ns.own}}
kubectl create rolebinding releaser -n {{ns.own}} --clusterrole=edit --serviceaccount={{ns.own}}:releaser
kubectl set serviceaccount deployment runner releaser -n {{ns.own}}
