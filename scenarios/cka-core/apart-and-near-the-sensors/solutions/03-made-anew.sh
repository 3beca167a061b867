kubectl get deployment {{app}} -n {{ns}} -o json | jq '{apiVersion, kind, metadata: {name: .metadata.name, namespace: .metadata.namespace}, spec} | .spec.template.spec.affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: "disk", operator: "NotIn", values: ["hdd"]}, {key: "disk", operator: "Exists"}]}]},
      preferredDuringSchedulingIgnoredDuringExecution: [{weight: 80, preference: {matchExpressions: [{key: "hall", operator: "In", values: ["north"]}]}}]},
    podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: "kubernetes.io/hostname", labelSelector: {matchLabels: {app: "{{app}}"}}}]}}' > app.json
kubectl delete deployment {{app}} -n {{ns}} --cascade=foreground
kubectl create -f app.json
