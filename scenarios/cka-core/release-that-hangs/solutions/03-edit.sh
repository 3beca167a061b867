KUBE_EDITOR="sed -i -e 's/nginx:1.29-sommer/nginx:1.28/' -e 's/value: summer/value: spring/'" kubectl edit deployment {{app}} -n {{ns}}
