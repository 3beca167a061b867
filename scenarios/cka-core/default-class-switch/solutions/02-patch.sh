kubectl patch storageclass local-path -p '{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}'
kubectl patch storageclass {{old}} -p '{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":null}}}'
