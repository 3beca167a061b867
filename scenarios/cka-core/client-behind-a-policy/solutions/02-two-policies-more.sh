kubectl apply -f - <<EOF
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api-from-reports
  namespace: {{ns.server}}
spec:
  podSelector:
    matchLabels:
      app: api
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: reporter
          namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ns.client}}
      ports:
        - protocol: TCP
          port: 9898
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: reporter-to-api
  namespace: {{ns.client}}
spec:
  podSelector:
    matchLabels:
      app: reporter
  policyTypes: ["Egress"]
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ns.server}}
          podSelector:
            matchLabels:
              app: api
      ports:
        - protocol: TCP
          port: 9898
EOF
