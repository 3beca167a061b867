kubectl label node {{node.flash}} disktype=nvme dsiktype-
kubectl label node {{node.spinning}} disktype=HDD --overwrite
