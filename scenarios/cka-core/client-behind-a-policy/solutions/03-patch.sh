kubectl patch networkpolicy api-clients -n {{ns.server}} --type=json -p '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector/matchLabels","value":{"kubernetes.io/metadata.name":"{{ns.client}}"}}]'
kubectl patch networkpolicy reporter-egress -n {{ns.client}} --type=json -p '[{"op":"replace","path":"/spec/egress/1/ports/0/port","value":9898}]'
