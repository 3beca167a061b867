kubectl apply -f - <<'YAML'
apiVersion: v1
kind: LimitRange
metadata:
  name: container-defaults
  namespace: team-blue
spec:
  limits:
    - type: Container
      defaultRequest: { cpu: "0.1", memory: 128Mi }
      default: { memory: 256Mi }
      max: { memory: 0.5Gi }
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: team-blue
spec:
  hard:
    cpu: 2000m
    memory: 2048Mi
    limits.memory: 4096Mi
    pods: "6"
YAML
kubectl delete pods -l app=api -n team-blue
kubectl wait deployment api -n team-blue --for=condition=Available --timeout=60s
