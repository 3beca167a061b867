kubectl uncordon {{node.batch}}
kubectl rollout status deployment {{app}} -n batch --timeout=60s
kubectl uncordon {{node.broken}}
