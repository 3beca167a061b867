KUBE_EDITOR="sed -i 's/metadata.name: {{ns.old}}$/metadata.name: {{ns.client}}/'" kubectl edit networkpolicy api-clients -n {{ns.server}}
kubectl delete networkpolicy reporter-egress -n {{ns.client}}
