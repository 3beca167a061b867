kubectl create role list-pods -n {{ns}} --verb=list --resource=pods
kubectl create role scale -n {{ns}} --verb=get,patch --resource=deployments/scale
kubectl create clusterrole list-nodes --verb=list --resource=nodes
kubectl create rolebinding scaler-pods -n {{ns}} --role=list-pods --serviceaccount={{ns}}:scaler
kubectl create rolebinding scaler-scale -n {{ns}} --role=scale --serviceaccount={{ns}}:scaler
kubectl create clusterrolebinding scaler-nodes --clusterrole=list-nodes --serviceaccount={{ns}}:scaler
kubectl patch clusterrolebinding night-shift --type=json -p '[{"op":"remove","path":"/subjects/1"}]'
