kubectl cordon {{node.other}}
kubectl patch deployment control -n {{ns}} -p '{"spec":{"template":{"spec":{"nodeSelector":{"hall":"south"}}}}}'
kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data
kubectl delete node {{node.own}}
