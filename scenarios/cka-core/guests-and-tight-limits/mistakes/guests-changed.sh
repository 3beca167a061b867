kubectl create quota guests -n {{ns}}-trial --hard=pods={{pods.most}} --scopes=BestEffort
kubectl set resources deployment guests -n {{ns}}-trial --requests=cpu=50m,memory=32Mi
kubectl apply -f - <<END
apiVersion: v1
kind: LimitRange
metadata:
  name: memory
  namespace: {{ns}}-stage
spec:
  limits:
  - type: Container
    defaultRequest: {memory: 64Mi}
    default: {memory: 96Mi}
    maxLimitRequestRatio: {memory: {{ratio.most}}}
END
