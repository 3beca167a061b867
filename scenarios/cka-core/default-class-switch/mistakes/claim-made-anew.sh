kubectl annotate storageclass {{old}} storageclass.kubernetes.io/is-default-class-
kubectl annotate storageclass local-path storageclass.kubernetes.io/is-default-class=true
kubectl get pvc pallets -n {{ns}} -o yaml | sed 's/{{old}}/local-path/' > pallets.yaml
kubectl replace --force -f pallets.yaml
