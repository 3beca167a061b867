kubectl create namespace harbor-prod
kubectl label namespace harbor-prod team=harbor stage=production
kubectl create configmap web-settings --from-literal=GREETING='Welcome aboard' --from-literal=WORKERS=4
kubectl create deployment web --image=nginx:1.29 --replicas=2
kubectl patch deployment web -p \
  '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","envFrom":[{"configMapRef":{"name":"web-settings"}}]}]}}}}'
kubectl delete namespace harbor-trial
