kubectl get configmap coredns -n kube-system -o yaml | sed 's/cluster\.locl/cluster.local/' | kubectl replace -f -
