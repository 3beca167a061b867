kubectl delete pod kube-scheduler-controlplane -n kube-system --force --grace-period=0
