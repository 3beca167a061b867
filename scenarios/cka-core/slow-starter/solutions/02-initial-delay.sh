KUBE_EDITOR="sed -i 's/initialDelaySeconds: 5/initialDelaySeconds: 70/'" kubectl edit deployment index -n {{ns}}
