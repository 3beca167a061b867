kubectl label node {{node.flash}} disktype=nvme
kubectl label node {{node.flash}} dsiktype-
kubectl patch deployment archive -n {{ns}} -p '{"spec":{"template":{"spec":{"affinity":null,"nodeSelector":{"disktype":"hdd"}}}}}'
