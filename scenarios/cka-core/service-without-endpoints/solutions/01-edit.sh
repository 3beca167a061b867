KUBE_EDITOR="sed -i -e 's/track: live/track: stable/' -e 's/targetPort: web/targetPort: http/'" kubectl edit service {{app}} -n {{ns}}
