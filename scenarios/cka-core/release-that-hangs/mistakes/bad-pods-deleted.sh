for pod in $(kubectl get pods -n {{ns}} -l app={{app}} --field-selector=status.phase=Pending -o name); do
  kubectl delete -n {{ns}} "$pod"
done
