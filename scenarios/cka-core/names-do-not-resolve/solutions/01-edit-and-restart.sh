KUBE_EDITOR="sed -i -e 's/cluster\.locl/cluster.local/' -e 's/ cach 60/ cache 60/'" kubectl edit configmap coredns -n kube-system
kubectl rollout restart deployment coredns -n kube-system
