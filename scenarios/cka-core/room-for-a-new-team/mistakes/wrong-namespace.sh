kubectl create namespace {{ns}}
kubectl label namespace {{ns}} cost-center={{cost}}
kubectl create quota pods --hard=pods={{limit.pods}}
kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: LimitRange
metadata: {name: containers}
spec:
  limits:
    - type: Container
      defaultRequest: {cpu: {{limit.cpu}}, memory: {{limit.memory}}}
      default: {memory: 512Mi}
      max: {memory: 1Gi}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: inside}
spec:
  podSelector: {}
  ingress: [{from: [{podSelector: {}}]}]
MANIFEST
