kubectl label node {{node.spinning}} disktype=nvme --overwrite
KUBE_EDITOR="sed -i 's/- HDD/- hdd/'" kubectl edit deployment archive -n {{ns}}
