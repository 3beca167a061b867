kubectl patch deployment till -n {{ns}} -p '{"spec":{"template":{"spec":{"containers":[{"name":"till","resources":{"requests":{"cpu":"0.1"},"limits":{"cpu":"500m"}}}]}}}}'
kubectl apply -f - <<EOF
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: till
  namespace: {{ns}}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: till
  minReplicas: 2
  maxReplicas: {{most}}
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: {{target}}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 120
      policies:
      - {type: Percent, value: 100, periodSeconds: 15}
EOF
