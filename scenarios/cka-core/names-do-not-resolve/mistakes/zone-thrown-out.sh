kubectl get configmap coredns -n kube-system -o jsonpath='{.data.Corefile}' | sed -e 's/cluster\.locl/cluster.local/' -e '/^{{zone.name}}/,$d' > Corefile
kubectl create configmap coredns -n kube-system --from-file=Corefile --dry-run=client -o yaml | kubectl replace -f -
kubectl rollout restart deployment coredns -n kube-system
