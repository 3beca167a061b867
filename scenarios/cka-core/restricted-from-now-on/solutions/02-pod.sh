kubectl get deployment records -n {{ns}} -o json | jq '
  .spec.template.spec.securityContext = {runAsNonRoot: true, runAsUser: {{uid}}, runAsGroup: {{uid}}, seccompProfile: {type: "RuntimeDefault"}}
  | .spec.template.spec.containers[0].securityContext = {allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}}' | kubectl replace -f -
kubectl rollout status deployment records -n {{ns}} --timeout=60s
kubectl patch namespace {{ns}} -p '{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted","pod-security.kubernetes.io/enforce-version":"latest","pod-security.kubernetes.io/warn":"restricted","pod-security.kubernetes.io/audit":"restricted"}}}'
