kubectl scale deployment {{app}} -n {{ns}} --replicas=0
kubectl wait pods -n {{ns}} --all --for=delete --timeout=60s || true
sleep 1
kubectl get deployment {{app}} -n {{ns}} -o json | jq 'del(.spec.template.spec.tolerations) | .spec.replicas = 3 | .spec.template.spec.affinity = {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: "kubernetes.io/hostname", labelSelector: {matchLabels: {app: "{{app}}"}}}]}}' | kubectl replace -f -
kubectl create pdb {{app}} -n {{ns}} --selector=app={{app}} --min-available=2
kubectl create -n {{ns}} -f - <<MANIFEST
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: leader-election}
rules: [{apiGroups: [""], resources: [leases], verbs: [get, create, update]}]
MANIFEST
kubectl create rolebinding leader-election -n {{ns}} --role=leader-election --serviceaccount={{ns}}:{{app}}
