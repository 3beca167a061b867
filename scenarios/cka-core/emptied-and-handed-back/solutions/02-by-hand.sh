kubectl cordon {{node.own}}
kubectl get pods -n {{ns}} --field-selector spec.nodeName={{node.own}} -l app!=agent -o name | xargs kubectl delete -n {{ns}}
kubectl patch node {{node.own}} -p '{"spec":{"unschedulable":false}}'
kubectl create -f import.yaml
kubectl rollout status deployment ledger -n {{ns}} --timeout=60s
