kubectl create -f - <<MANIFEST
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: {{class}}}
value: {{value}}
globalDefault: false
preemptionPolicy: Never
description: for what cannot wait
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: how-many, namespace: {{ns}}}
spec:
  hard: {pods: 2}
  scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [{{class}}]}]}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: how-much, namespace: {{ns}}}
spec:
  hard: {cpu: 0.6}
  scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [{{class}}]}]}
MANIFEST
