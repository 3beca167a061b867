KUBE_EDITOR="sed -i 's/key: disktype/key: dsiktype/'" kubectl edit deployment render -n {{ns}}
KUBE_EDITOR="sed -i 's/- HDD/- hdd/'" kubectl edit deployment archive -n {{ns}}
