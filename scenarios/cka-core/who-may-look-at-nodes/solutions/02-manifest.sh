kubectl apply -f - <<MANIFEST
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{role}}
rules:
  - apiGroups: [""]
    resources: [nodes]
    verbs: [get, list]
  - apiGroups: [""]
    resources: [nodes]
    verbs: [watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: planners-see-nodes
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{role}}
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: {{group}}
MANIFEST
