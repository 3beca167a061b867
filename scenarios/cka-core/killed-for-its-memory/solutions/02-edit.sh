KUBE_EDITOR="sed -i -e 's/memory: 100Mi/memory: 200Mi/' -e 's/memory: 64Mi/memory: 200Mi/'" kubectl edit deployment resizer -n {{ns}}
