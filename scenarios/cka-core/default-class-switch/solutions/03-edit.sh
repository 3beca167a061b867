KUBE_EDITOR="sed -i 's/is-default-class: \"true\"/is-default-class: \"false\"/'" kubectl edit storageclass {{old}}
kubectl get storageclass local-path -o json | jq '.metadata.annotations["storageclass.kubernetes.io/is-default-class"] = "true"' | kubectl replace -f -
