kubectl get configmap coredns -n kube-system -o yaml | sed -e 's/cluster\.locl/cluster.local/' -e 's/ cach 60/ cache 60/' | kubectl replace -f -
