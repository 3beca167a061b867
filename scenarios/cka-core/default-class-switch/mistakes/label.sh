kubectl annotate storageclass {{old}} storageclass.kubernetes.io/is-default-class-
kubectl label storageclass local-path storageclass.kubernetes.io/is-default-class=true
