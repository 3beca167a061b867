cat > rules.yaml <<END
apiVersion: v1
kind: ResourceQuota
metadata:
  name: few-guests
  namespace: {{ns}}-trial
spec:
  hard:
    pods: "{{pods.most}}"
  scopeSelector:
    matchExpressions:
    - scopeName: BestEffort
      operator: Exists
---
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: {{ns}}-stage
spec:
  limits:
  - type: Container
    defaultRequest: {memory: 64Mi}
    default: {memory: 96Mi}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: ratio
  namespace: {{ns}}-stage
spec:
  limits:
  - type: Container
    maxLimitRequestRatio: {memory: {{ratio.most}}}
END
kubectl create -f rules.yaml
