kubectl config set-context --current --namespace=team-blue
kubectl create quota compute --hard=requests.cpu=1,requests.memory=1Gi,limits.memory=4Gi,pods=6
KUBE_EDITOR="sed -i -e 's/requests.cpu: .*/requests.cpu: 2/' -e 's/requests.memory: .*/requests.memory: 2Gi/'" kubectl edit quota compute
kubectl create -f - <<'YAML'
apiVersion: v1
kind: LimitRange
metadata:
  name: container-defaults
spec:
  limits:
    - type: Container
      defaultRequest: { cpu: 100m, memory: 128Mi }
      default: { memory: 256Mi }
YAML
kubectl patch limitrange container-defaults --type=json -p '[{"op":"add","path":"/spec/limits/0/max","value":{"memory":"512Mi"}}]'
kubectl scale deployment api --replicas=0
kubectl wait pods -l app=api --for=delete --timeout=60s
kubectl scale deployment api --replicas=2
kubectl rollout status deployment api --timeout=60s
