kubectl scale deployment cart -n {{ns}} --replicas=2
kubectl rollout status deployment cart -n {{ns}} --timeout=60s
for node in node01 node02; do
  kubectl drain $node --ignore-daemonsets --delete-emptydir-data
  kubectl label node $node maintained={{mark}}
  if [ $node = node01 ]; then kubectl uncordon $node; fi
  kubectl rollout status deployment front -n {{ns}} --timeout=60s
  kubectl rollout status deployment cart -n {{ns}} --timeout=60s
done
kubectl rollout restart deployment front cart -n {{ns}}
kubectl rollout status deployment front -n {{ns}} --timeout=90s
kubectl rollout status deployment cart -n {{ns}} --timeout=90s
kubectl scale deployment cart -n {{ns}} --replicas=1
