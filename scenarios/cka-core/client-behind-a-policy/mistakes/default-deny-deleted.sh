kubectl delete networkpolicy default-deny -n {{ns.server}}
KUBE_EDITOR="sed -i 's/port: 8080/port: 9898/'" kubectl edit networkpolicy reporter-egress -n {{ns.client}}
