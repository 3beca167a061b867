KUBE_EDITOR="sed -i 's/sleep {{load}}/sleep 1/'" kubectl edit deployment index -n {{ns}}
