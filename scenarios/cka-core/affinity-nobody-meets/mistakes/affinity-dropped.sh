kubectl label node {{node.flash}} disktype=nvme dsiktype-
kubectl cordon {{node.flash}}
kubectl patch deployment archive -n {{ns}} -p '{"spec":{"template":{"spec":{"affinity":null}}}}'
kubectl rollout status deployment archive -n {{ns}} --timeout=60s
kubectl uncordon {{node.flash}}
