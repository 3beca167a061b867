KUBE_EDITOR="sed -i -e '/finalizers:/d' -e '/release.example\/unlock/d'" kubectl edit configmap release-lock -n {{ns}}
KUBE_EDITOR="sed -i -e '/finalizers:/d' -e '/release.example\/unlock/d'" kubectl edit lease release-leader -n {{ns}}
kubectl wait namespace {{ns}} --for=delete --timeout=90s
kubectl apply -f - <<EOF
apiVersion: v1
kind: Namespace
metadata:
  name: {{ns}}
  labels:
    owner: {{owner}}
EOF
