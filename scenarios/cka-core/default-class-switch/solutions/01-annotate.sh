kubectl annotate storageclass {{old}} storageclass.kubernetes.io/is-default-class=false --overwrite
kubectl annotate storageclass local-path storageclass.kubernetes.io/is-default-class=true
