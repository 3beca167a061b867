kubectl patch deployment {{app}} -n {{ns}} --patch-file /dev/stdin <<END
spec:
  template:
    spec:
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - {key: disk, operator: In, values: [ssd]}
              - {key: hall, operator: In, values: [north]}
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
            labelSelector:
              matchLabels: {app: "{{app}}"}
END
kubectl rollout status deployment {{app}} -n {{ns}} --timeout=20s || true
