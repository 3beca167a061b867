kubectl create quota compute -n team-blue --hard=requests.cpu=2,requests.memory=2Gi,limits.memory=4Gi,pods=6
cat > limits.yaml <<'YAML'
apiVersion: v1
kind: LimitRange
metadata:
  name: container-defaults
  namespace: team-blue
spec:
  limits:
    - type: Container
      defaultRequest:
        cpu: 100m
        memory: 128Mi
      default:
        memory: 256Mi
      max:
        memory: 512Mi
YAML
kubectl create -f limits.yaml
kubectl rollout restart deployment api -n team-blue
kubectl rollout status deployment api -n team-blue --timeout=60s
