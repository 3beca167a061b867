kubectl label namespace {{ns}} pod-security.kubernetes.io/audit=restricted pod-security.kubernetes.io/warn=restricted
kubectl get deployment records -n {{ns}} -o json | jq '.spec.template.spec.containers[0].securityContext = {runAsNonRoot: true, runAsUser: {{uid}}, seccompProfile: {type: "RuntimeDefault"}, allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}}' | kubectl replace -f -
