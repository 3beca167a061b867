{ cat <<EOF
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: exporter
  namespace: {{ns}}
spec:
  podSelector:
    matchExpressions:
    - {key: app, operator: In, values: [exporter]}
  ingress:
  - from:
    - namespaceSelector:
        matchExpressions:
        - {key: purpose, operator: In, values: [monitoring]}
      podSelector: {}
    ports:
EOF
for port in $(seq 9100 9109); do echo "    - port: $port"; done; } > policy.yaml
kubectl create -f policy.yaml
