kubectl get pvc uploads -n {{ns}} -o yaml | sed -e 's/premium-ssd/local-path/' -e 's/name: uploads/name: uploads-local/' -e '/uid:/d' -e '/resourceVersion:/d' | kubectl create -f -
kubectl patch deployment gallery -n {{ns}} -p '{"spec":{"template":{"spec":{"volumes":[{"name":"uploads","persistentVolumeClaim":{"claimName":"uploads-local"}}]}}}}'
