kubectl create clusterrole list --verb=list --resource=pods,nodes
kubectl create role scale-{{app}} -n {{ns}} --verb=get,patch --resource=deployments/scale --resource-name={{app}}
kubectl create rolebinding scaler-scale -n {{ns}} --role=scale-{{app}} --serviceaccount={{ns}}:scaler
kubectl create clusterrolebinding scaler --clusterrole=list --serviceaccount={{ns}}:scaler
kubectl patch clusterrolebinding night-shift --type=json -p '[{"op":"remove","path":"/subjects/1"}]'
