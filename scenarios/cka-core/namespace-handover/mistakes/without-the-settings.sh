kubectl create namespace harbor-prod
kubectl label namespace harbor-prod team=harbor stage=production
kubectl get deployment web -n harbor-trial -o yaml |
  sed -e 's/namespace: harbor-trial/namespace: harbor-prod/' -e '/resourceVersion:/d' -e '/uid:/d' | kubectl create -f -
kubectl scale deployment web -n harbor-prod --replicas=2
kubectl delete namespace harbor-trial
