kubectl create namespace harbor-prod
kubectl label namespace harbor-prod team=harbor stage=production
kubectl get configmap/web-settings deployment/web -n harbor-trial -o yaml |
  sed -e 's/namespace: harbor-trial/namespace: harbor-prod/' -e '/resourceVersion:/d' -e '/uid:/d' > move.yaml
kubectl create -f move.yaml
kubectl scale deployment web -n harbor-prod --replicas=2
kubectl rollout status deployment web -n harbor-prod --timeout=60s
kubectl delete namespace harbor-trial
