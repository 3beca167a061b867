for node in node02 node01; do
  sleep 2
  kubectl cordon $node
  kubectl rollout restart deployment cart -n {{ns}}
  kubectl rollout status deployment cart -n {{ns}} --timeout=60s
  kubectl drain $node --ignore-daemonsets --delete-emptydir-data
  kubectl patch node $node -p '{"metadata":{"labels":{"maintained":"{{mark}}"}},"spec":{"unschedulable":null}}'
  kubectl rollout status deployment front -n {{ns}} --timeout=60s
done
pod=pod/$(kubectl get pods -n {{ns}} -l app=front -o jsonpath='{.items[0].metadata.name}')
kubectl cordon node02
kubectl delete -n {{ns}} $pod
kubectl rollout status deployment front -n {{ns}} --timeout=60s
kubectl uncordon node02
