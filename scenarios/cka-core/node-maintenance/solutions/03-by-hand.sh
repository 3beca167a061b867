kubectl cordon node01
kubectl uncordon node02
KUBE_EDITOR="sed -i 's/^  replicas: 2/  replicas: 3/'" kubectl edit deployment web -n shop
kubectl rollout status deployment web -n shop --timeout=60s
kubectl delete pod debug-shell -n shop
for pod in $(kubectl get pods -n shop -l app=web --field-selector spec.nodeName=node01 -o name); do
  kubectl delete -n shop "$pod"
  kubectl rollout status deployment web -n shop --timeout=60s
done
