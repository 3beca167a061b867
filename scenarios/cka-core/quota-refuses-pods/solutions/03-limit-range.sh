kubectl apply -f - <<EOF
apiVersion: v1
kind: LimitRange
metadata:
  name: container-limits
  namespace: {{ns}}
spec:
  limits:
    - type: Container
      default:
        cpu: 300m
        memory: 256Mi
EOF
kubectl rollout restart deployment {{app}} -n {{ns}}
