for each in deployment/writer deployment/reader; do
  kubectl patch $each -n archive -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"power","operator":"Equal","value":"battery","effect":"NoExecute","tolerationSeconds":{{seconds}}}]}}}}'
done
kubectl patch daemonset watcher -n archive -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"power","operator":"Exists"}]}}}}'
kubectl rollout status deployment reader -n archive --timeout=60s
kubectl taint nodes {{node.own}} power=battery:NoExecute
