kubectl create rolebinding scaler -n {{ns}} --clusterrole=edit --serviceaccount={{ns}}:scaler
kubectl patch clusterrolebinding night-shift --type=json -p '[{"op":"remove","path":"/subjects/1"}]'
