kubectl get deployment {{app}} -n {{ns}} -o json | jq '.spec.template.spec += {
  nodeSelector: {disk: "ssd"},
  affinity: {
    nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
      {weight: 60, preference: {matchExpressions: [{key: "hall", operator: "NotIn", values: ["south"]}]}}]},
    podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
      {topologyKey: "kubernetes.io/hostname", labelSelector: {matchExpressions: [{key: "app", operator: "In", values: ["{{app}}"]}]}}]}}}' > app.json
kubectl apply -f app.json
