kubectl patch networkpolicy api-clients -n {{ns.server}} --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector","value":{}}]'
KUBE_EDITOR="sed -i 's/port: 8080/port: 9898/'" kubectl edit networkpolicy reporter-egress -n {{ns.client}}
