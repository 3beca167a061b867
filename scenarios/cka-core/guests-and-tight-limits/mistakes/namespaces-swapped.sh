kubectl create quota guests -n {{ns}}-stage --hard=pods={{pods.most}} --scopes=BestEffort
kubectl apply -f - <<END
apiVersion: v1
kind: LimitRange
metadata:
  name: memory
  namespace: {{ns}}-trial
spec:
  limits:
  - type: Container
    defaultRequest: {memory: 64Mi}
    default: {memory: 96Mi}
    maxLimitRequestRatio: {memory: {{ratio.most}}}
END
