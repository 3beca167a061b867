kubectl certificate deny {{who.first}}
kubectl get csr {{who.second}} -o json | jq '.status.conditions = [{type: "Approved", status: "True", reason: "ByHand", message: "joins the developers"}]' | kubectl replace --raw /apis/certificates.k8s.io/v1/certificatesigningrequests/{{who.second}}/approval -f -
kubectl apply -f - <<MANIFEST
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: pod-hand
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch, create, delete]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: newcomer
  namespace: {{ns}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: pod-hand
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: User
    name: {{who.name}}
MANIFEST
