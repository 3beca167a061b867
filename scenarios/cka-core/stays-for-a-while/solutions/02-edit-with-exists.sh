kubectl get daemonset watcher -n archive -o json | jq '.spec.template.spec.tolerations = [{key: "power", operator: "Exists"}]' | kubectl replace -f -
kubectl get deployment writer -n archive -o json | jq '.spec.template.spec.tolerations = [{key: "power", operator: "Exists", effect: "NoExecute", tolerationSeconds: {{seconds}}}]' | kubectl replace -f -
kubectl rollout status deployment writer -n archive --timeout=60s
kubectl patch node {{node.own}} -p '{"spec":{"taints":[{"key":"power","value":"battery","effect":"NoExecute"}]}}'
