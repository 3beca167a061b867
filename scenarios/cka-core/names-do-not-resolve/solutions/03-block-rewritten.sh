kubectl get configmap coredns -n kube-system -o jsonpath='{.data.Corefile}' | sed -e 's/cluster\.locl/cluster.local/' -e '/^{{zone.name}}/,$d' > Corefile
cat >> Corefile <<EOF
{{zone.name}} {
    cache 30
    forward . {{zone.server}}
}
EOF
kubectl create configmap coredns -n kube-system --from-file=Corefile --dry-run=client -o yaml | kubectl replace -f -
kubectl delete pod -n kube-system -l k8s-app=kube-dns
