kubectl scale deployment control -n {{ns}} --replicas=1
kubectl patch deployment control -n {{ns}} -p '{"spec":{"template":{"spec":{"nodeSelector":null}}}}'
kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data
kubectl delete node {{node.own}}
