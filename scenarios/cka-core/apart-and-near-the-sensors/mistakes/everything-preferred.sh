kubectl patch deployment {{app}} -n {{ns}} --patch-file /dev/stdin <<END
spec:
  template:
    spec:
      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 50
            preference:
              matchExpressions:
              - {key: disk, operator: In, values: [ssd]}
          - weight: 20
            preference:
              matchExpressions:
              - {key: hall, operator: In, values: [north]}
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 10
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: {app: '{{app}}'}
END
kubectl rollout status deployment {{app}} -n {{ns}} --timeout=20s || true
