kubectl scale deployment {{app}} -n {{ns}} --replicas=0
kubectl wait pods -n {{ns}} --all --for=delete --timeout=60s || true
sleep 1
kubectl get deployment {{app}} -n {{ns}} -o json | jq '.spec.replicas = 3
  | .spec.template.spec.affinity = {
      nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist"}]}]}},
      podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: "kubernetes.io/hostname", labelSelector: {matchExpressions: [{key: "app", operator: "In", values: ["{{app}}"]}]}}]}}' | kubectl replace -f -
kubectl apply -n {{ns}} -f - <<MANIFEST
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: one-at-a-time}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: {{app}}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: lease}
rules:
  - apiGroups: [coordination.k8s.io]
    resources: [leases]
    verbs: [get, list, watch, create, update, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: lease}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: lease}
subjects: [{kind: ServiceAccount, name: {{app}}, namespace: {{ns}}}]
MANIFEST
