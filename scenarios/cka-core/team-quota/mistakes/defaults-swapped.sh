kubectl create -n team-blue -f - <<'YAML'
apiVersion: v1
kind: LimitRange
metadata: { name: container-defaults }
spec:
  limits:
    - type: Container
      defaultRequest: { memory: 256Mi }
      default: { cpu: 100m, memory: 256Mi }
      max: { memory: 512Mi }
YAML
kubectl patch limitrange container-defaults -n team-blue --type=json -p \
  '[{"op":"replace","path":"/spec/limits/0/defaultRequest","value":{"memory":"128Mi"}},{"op":"replace","path":"/spec/limits/0/default","value":{"cpu":"100m","memory":"128Mi"}}]'
kubectl create quota compute -n team-blue --hard=requests.cpu=2,requests.memory=2Gi,limits.memory=4Gi,pods=6
kubectl rollout restart deployment api -n team-blue
