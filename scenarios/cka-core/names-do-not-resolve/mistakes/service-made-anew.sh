kubectl get service kube-dns -n kube-system -o json | jq 'del(.metadata.uid, .metadata.resourceVersion, .metadata.creationTimestamp, .status)' > service.json
kubectl delete service kube-dns -n kube-system
kubectl create -f service.json
KUBE_EDITOR="sed -i -e 's/cluster\.locl/cluster.local/' -e 's/ cach 60/ cache 60/'" kubectl edit configmap coredns -n kube-system
kubectl rollout restart deployment coredns -n kube-system
