KUBE_EDITOR="sed -i 's/metadata.name: {{ns.old}}$/metadata.name: {{ns.client}}/'" kubectl edit networkpolicy api-clients -n {{ns.server}}
KUBE_EDITOR="sed -i 's/port: 8080/port: 9898/'" kubectl edit networkpolicy reporter-egress -n {{ns.client}}
