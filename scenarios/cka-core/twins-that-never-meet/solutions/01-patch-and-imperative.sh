kubectl patch deployment {{app}} -n {{ns}} --patch-file /dev/stdin <<PATCH
spec:
  replicas: 3
  strategy:
    type: Recreate
    rollingUpdate: null
  template:
    spec:
      tolerations: null
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app: {{app}}
PATCH
kubectl create pdb {{app}} -n {{ns}} --selector=app={{app}} --min-available=2
kubectl create role leader-election -n {{ns}} --verb=get,create,update --resource=leases.coordination.k8s.io
kubectl create rolebinding leader-election -n {{ns}} --role=leader-election --serviceaccount={{ns}}:{{app}}
kubectl rollout status deployment {{app}} -n {{ns}} --timeout=60s
