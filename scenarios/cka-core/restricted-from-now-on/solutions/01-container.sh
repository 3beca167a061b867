kubectl label namespace {{ns}} pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/warn=restricted
kubectl patch deployment records -n {{ns}} --patch-file /dev/stdin <<PATCH
spec:
  template:
    spec:
      containers:
        - name: records
          securityContext:
            runAsNonRoot: true
            runAsUser: {{uid}}
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
            seccompProfile:
              type: RuntimeDefault
PATCH
kubectl rollout status deployment records -n {{ns}} --timeout=60s
