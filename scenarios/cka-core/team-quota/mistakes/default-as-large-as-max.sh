kubectl create quota compute -n team-blue --hard=requests.cpu=2,requests.memory=2Gi,limits.memory=4Gi,pods=6
kubectl create -n team-blue -f - <<'YAML'
apiVersion: v1
kind: LimitRange
metadata: { name: container-defaults }
spec:
  limits:
    - type: Container
      defaultRequest: { cpu: 100m, memory: 128Mi }
      default: { memory: 512Mi }
      max: { memory: 512Mi }
YAML
kubectl rollout restart deployment api -n team-blue
