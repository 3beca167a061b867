kubectl create priorityclass {{class}} --value={{value}} --preemption-policy=Never
kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: ResourceQuota
metadata: {name: urgent}
spec:
  hard: {pods: "2", requests.cpu: 600m}
  scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [{{class}}]}]}
MANIFEST
