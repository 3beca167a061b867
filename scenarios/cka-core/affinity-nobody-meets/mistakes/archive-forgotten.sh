kubectl label node {{node.flash}} disktype=nvme dsiktype-
