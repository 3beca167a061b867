kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: ServiceAccount
metadata:
  name: releaser
  namespace: {{ns.own}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: roll-out
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, list, create, update, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: pipeline
  namespace: {{ns.own}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: roll-out
subjects:
  - kind: ServiceAccount
    name: releaser
    namespace: {{ns.own}}
MANIFEST
kubectl patch deployment runner -n {{ns.own}} -p '{"spec":{"template":{"spec":{"serviceAccountName":"releaser"}}}}'
