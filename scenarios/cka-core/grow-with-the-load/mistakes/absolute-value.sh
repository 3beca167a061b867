kubectl set resources deployment till -n {{ns}} --requests=cpu=100m
kubectl apply -f - <<EOF
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: till, namespace: {{ns}}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: till}
  minReplicas: 2
  maxReplicas: {{most}}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: {{target}}m}}}]
  behavior: {scaleDown: {stabilizationWindowSeconds: 120}}
EOF
