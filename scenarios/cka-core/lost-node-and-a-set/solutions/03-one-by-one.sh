for pod in $(kubectl get pods -n {{ns}} --field-selector spec.nodeName={{node.lost}} -o name); do
  kubectl delete -n {{ns}} "$pod" --force --grace-period=0
done
kubectl wait pod -n {{ns}} -l app=broker --for=condition=Ready --timeout=60s
