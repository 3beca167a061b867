kubectl delete pod kube-controller-manager-controlplane -n kube-system --force --grace-period=0
