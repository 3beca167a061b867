kubectl apply -f - <<EOF
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: exporter, namespace: {{ns}}}
spec:
  podSelector: {matchLabels: {app: exporter}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {purpose: monitoring}}
    ports:
    - {protocol: TCP, port: 9100, endPort: 9109}
EOF
