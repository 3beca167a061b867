kubectl patch pdb front -n {{ns}} -p '{"spec":{"minAvailable":1}}'
kubectl patch pdb cart -n {{ns}} -p '{"spec":{"minAvailable":0}}'
kubectl scale deployment cart -n {{ns}} --replicas=2
kubectl rollout status deployment cart -n {{ns}} --timeout=60s
for node in node01 node02; do
  kubectl drain $node --ignore-daemonsets --delete-emptydir-data
  kubectl label node $node maintained={{mark}}
  kubectl uncordon $node
  kubectl rollout status deployment front -n {{ns}} --timeout=60s
  kubectl rollout status deployment cart -n {{ns}} --timeout=60s
done
kubectl rollout restart deployment front cart -n {{ns}}
kubectl rollout status deployment front -n {{ns}} --timeout=90s
kubectl rollout status deployment cart -n {{ns}} --timeout=90s
kubectl scale deployment cart -n {{ns}} --replicas=1
