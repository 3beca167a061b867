kubectl create role list -n {{ns}} --verb=list --resource=pods
kubectl create role list-nodes -n {{ns}} --verb=list --resource=nodes || true
kubectl create role scale-{{app}} -n {{ns}} --verb=get,patch --resource=deployments/scale --resource-name={{app}}
kubectl create rolebinding scaler-pods -n {{ns}} --role=list --serviceaccount={{ns}}:scaler
kubectl create rolebinding scaler-nodes -n {{ns}} --role=list-nodes --serviceaccount={{ns}}:scaler
kubectl create rolebinding scaler-scale -n {{ns}} --role=scale-{{app}} --serviceaccount={{ns}}:scaler
kubectl patch clusterrolebinding night-shift --type=json -p '[{"op":"remove","path":"/subjects/1"}]'
