kubectl get deployment control -n {{ns}} -o json | jq 'del(.spec.template.spec.nodeSelector) | .spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms = [{matchExpressions: [{key: "hall", operator: "In", values: ["south"]}]}]' | kubectl replace -f -
kubectl rollout status deployment control -n {{ns}} --timeout=90s
kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data --force
kubectl delete node/{{node.own}}
kubectl rollout status deployment sensors -n {{ns}} --timeout=90s
