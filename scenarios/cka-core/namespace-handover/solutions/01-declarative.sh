kubectl apply -f - <<'YAML'
apiVersion: v1
kind: Namespace
metadata:
  name: harbor-prod
  labels:
    team: harbor
    stage: production
YAML
kubectl get configmap web-settings -n harbor-trial -o json |
  jq 'del(.metadata.namespace, .metadata.uid, .metadata.resourceVersion, .metadata.creationTimestamp)' |
  kubectl apply -n harbor-prod -f -
kubectl get deployment web -n harbor-trial -o json |
  jq 'del(.metadata.namespace, .metadata.uid, .metadata.resourceVersion, .metadata.creationTimestamp, .status) | .spec.replicas = 2' |
  kubectl apply -n harbor-prod -f -
kubectl rollout status deployment web -n harbor-prod --timeout=60s
kubectl delete namespace harbor-trial
