cat > policy.yaml <<EOF
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: worker-egress
  namespace: {{ns}}
spec:
  podSelector:
    matchExpressions: [{key: app, operator: In, values: [worker]}]
  policyTypes: ["Egress"]
  egress:
  - ports:
    - port: 8080
    to:
    - namespaceSelector:
        matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [depot]}]
  - ports:
    - {port: 53, protocol: TCP}
    - {port: 53, protocol: UDP}
    to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
EOF
kubectl create -f policy.yaml
