kubectl create namespace {{ns}}
kubectl label namespace {{ns}} cost-center={{cost}}
kubectl create quota pods -n {{ns}} --hard=pods={{limit.pods}}
kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: LimitRange
metadata: {name: containers, namespace: {{ns}}}
spec:
  limits:
    - type: Container
      defaultRequest: {cpu: {{limit.cpu}}, memory: "$(echo {{limit.memory}} | tr -d i)"}
      default: {memory: 512Mi}
      max: {memory: 1Gi}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: inside, namespace: {{ns}}}
spec:
  podSelector: {}
  ingress: [{from: [{podSelector: {}}]}]
MANIFEST
