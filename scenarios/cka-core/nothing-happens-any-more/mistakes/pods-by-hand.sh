kubectl run {{app}}-1 -n {{ns}} --image=nginx:1.29 --labels=app={{app}}
kubectl run {{app}}-2 -n {{ns}} --image=nginx:1.29 --labels=app={{app}}
