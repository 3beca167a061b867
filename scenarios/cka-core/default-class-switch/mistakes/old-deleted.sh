kubectl delete storageclass {{old}}
kubectl annotate storageclass local-path storageclass.kubernetes.io/is-default-class=true
