kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data
kubectl delete node {{node.own}}
kubectl patch deployment control -n {{ns}} -p '{"spec":{"template":{"spec":{"nodeSelector":{"hall":"south"}}}}}'
kubectl rollout status deployment control -n {{ns}} --timeout=90s
