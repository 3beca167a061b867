kubectl create serviceaccount releaser -n {{ns.own}}
kubectl create -n {{ns.own}} -f - <<MANIFEST
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: releaser}
rules: [{apiGroups: [""], resources: [deployments], verbs: [get, list, create, update, patch]}]
MANIFEST
kubectl create rolebinding releaser -n {{ns.own}} --role=releaser --serviceaccount={{ns.own}}:releaser
kubectl set serviceaccount deployment runner releaser -n {{ns.own}}
