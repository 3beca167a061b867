kubectl get clusterrole view -o json | jq '.rules += [{apiGroups: ["{{kind.group}}"], resources: ["{{kind.many}}", "{{kind.twos}}"], verbs: ["get", "list", "watch"]}]' | kubectl replace -f -
kubectl get clusterrole edit -o json | jq '.rules += [{apiGroups: ["{{kind.group}}"], resources: ["{{kind.many}}"], verbs: ["*"]}]' | kubectl replace -f -
