kubectl set selector service {{app}} app={{app}},track=stable -n {{ns}}
kubectl get service {{app}} -n {{ns}} -o yaml | sed 's/targetPort: web/targetPort: http/' | kubectl apply -f -
