kubectl label node {{node.flash}} disktype=nvme dsiktype-
KUBE_EDITOR="sed -i 's/- HDD/- hdd/'" kubectl edit deployment archive -n {{ns}}
