kubectl scale deployment {{app}} -n {{ns}} --replicas=0
kubectl wait pods -n {{ns}} --all --for=delete --timeout=60s || true
sleep 1
kubectl get deployment {{app}} -n {{ns}} -o json | jq 'del(.spec.template.spec.tolerations) | .spec.replicas = 3 | .spec.template.spec.affinity = {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: "kubernetes.io/hostname", labelSelector: {matchLabels: {app: "{{app}}"}}}]}}' | kubectl replace -f -
kubectl create pdb {{app}} -n {{ns}} --selector=name={{app}} --min-available=2
kubectl create role leader-election -n {{ns}} --verb=get,create,update --resource=leases.coordination.k8s.io
kubectl create rolebinding leader-election -n {{ns}} --role=leader-election --serviceaccount={{ns}}:{{app}}
