kubectl create -f - <<MANIFEST
apiVersion: v1
kind: Namespace
metadata: {name: {{ns}}, labels: {cost-center: {{cost}}, owner: them}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: size, namespace: {{ns}}}
spec: {hard: {count/pods: "50", pods: "{{limit.pods}}"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: requests, namespace: {{ns}}}
spec: {limits: [{type: Container, defaultRequest: {cpu: {{limit.cpu}}, memory: {{limit.memory}}}}]}
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: {{ns}}}
spec: {limits: [{type: Container, max: {memory: 1Gi}, default: {memory: 1Gi}, defaultRequest: {memory: {{limit.memory}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: {{ns}}}
spec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow, namespace: {{ns}}}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ns}}}}}]}]
MANIFEST
