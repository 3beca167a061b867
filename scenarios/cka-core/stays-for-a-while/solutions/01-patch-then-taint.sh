kubectl patch deployment writer -n archive -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"power","operator":"Equal","value":"battery","effect":"NoExecute","tolerationSeconds":{{seconds}}}]}}}}'
kubectl patch daemonset watcher -n archive -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"power","operator":"Equal","value":"battery","effect":"NoExecute"}]}}}}'
kubectl rollout status daemonset watcher -n archive --timeout=60s
kubectl taint nodes {{node.own}} power=battery:NoExecute
