kubectl get pvc -n {{ns}} -o yaml | sed 's/premium-ssd/local-path/' > claims.yaml
kubectl delete pvc --all -n {{ns}} --wait=false
kubectl scale deployment gallery thumbnailer -n {{ns}} --replicas=0
kubectl wait pvc --all -n {{ns}} --for=delete --timeout=60s
kubectl create -f <(sed -e '/uid:/d' -e '/resourceVersion:/d' -e '/volumeName:/d' -e '/pv.kubernetes.io/d' claims.yaml)
kubectl scale deployment gallery thumbnailer -n {{ns}} --replicas=1
