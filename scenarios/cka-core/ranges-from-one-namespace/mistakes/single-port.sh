kubectl apply -f - <<EOF
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: exporter, namespace: {{ns}}}
spec:
  podSelector: {matchLabels: {app: exporter}}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {purpose: monitoring}}}]
    ports: [{port: 9100}]
EOF
