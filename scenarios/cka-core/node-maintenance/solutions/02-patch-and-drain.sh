kubectl patch node node02 -p '{"spec":{"unschedulable":false}}'
kubectl patch deployment web -n shop -p '{"spec":{"replicas":3}}'
kubectl wait deployment web -n shop --for=condition=Available --timeout=60s
kubectl delete pod debug-shell -n shop
kubectl drain node01 --ignore-daemonsets --timeout=90s
