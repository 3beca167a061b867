kubectl get configmap coredns -n kube-system -o yaml | sed 's/ cach 60/ cache 60/' | kubectl replace -f -
kubectl rollout restart deployment coredns -n kube-system
