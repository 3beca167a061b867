kubectl create namespace harbor-prod
kubectl label namespace harbor-prod team=harbor stage=production
kubectl config set-context --current --namespace=harbor-prod
kubectl create configmap web-settings --from-literal=GREETING='Welcome aboard' --from-literal=WORKERS=4
kubectl create deployment web --image=nginx:1.29 --replicas=2
kubectl set env deployment web --from=configmap/web-settings --dry-run=client -o name
kubectl patch deployment web -p \
  '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","envFrom":[{"configMapRef":{"name":"web-settings"}}]}]}}}}'
kubectl rollout status deployment web --timeout=60s
kubectl delete namespace harbor-trial
