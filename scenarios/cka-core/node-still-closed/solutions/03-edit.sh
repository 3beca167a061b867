KUBE_EDITOR="sed -i '/unschedulable: true/d'" kubectl edit node {{node.batch}}
# the taint of the same meaning goes by itself
kubectl wait pod -n batch -l app={{app}} --for=condition=Ready --timeout=60s
