KUBE_EDITOR="sed -i '/effect: NoSchedule/{N;/key: firmware/{N;d}}'" kubectl edit node {{node.own}}
