kubectl get pvc uploads -n {{ns}} -o yaml | sed -e 's/premium-ssd/local-path/' -e '/namespace:/d' -e '/uid:/d' -e '/resourceVersion:/d' > pvc.yaml
kubectl create -f pvc.yaml
