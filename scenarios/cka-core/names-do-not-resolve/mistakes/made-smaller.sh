kubectl get configmap coredns -n kube-system -o yaml | sed -e 's/cluster\.locl/cluster.local/' -e 's/ cach 60/ cache 60/' | kubectl replace -f -
kubectl scale deployment coredns -n kube-system --replicas=1
kubectl rollout restart deployment coredns -n kube-system
