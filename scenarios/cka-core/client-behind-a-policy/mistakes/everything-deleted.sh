kubectl delete networkpolicy --all -n {{ns.server}}
kubectl delete networkpolicy --all -n {{ns.client}}
