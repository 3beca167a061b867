kubectl create quota guests -n {{ns}}-trial --hard=pods={{pods.most}} --scopes=BestEffort
kubectl apply -f - <<END
apiVersion: v1
kind: LimitRange
metadata:
  name: memory
  namespace: {{ns}}-stage
spec:
  limits:
  - type: Container
    defaultRequest: {memory: 64Mi, cpu: 100m}
    default: {memory: 96Mi, cpu: 150m}
    maxLimitRequestRatio: {memory: {{ratio.most}}, cpu: {{ratio.most}}}
END
