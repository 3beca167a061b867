kubectl get deployment seats -n {{ns}} -o json | jq '.spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef.key = "password"' | kubectl apply -f -
kubectl rollout status deployment seats -n {{ns}} --timeout=90s
kubectl drain {{node}} --ignore-daemonsets --delete-emptydir-data --timeout=100s
