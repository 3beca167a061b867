kubectl annotate storageclass {{old}} storageclass.kubernetes.io/is-default-class-
