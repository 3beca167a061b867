KUBE_EDITOR="sed -i 's/key: db-password/key: password/'" kubectl edit deployment seats -n {{ns}}
