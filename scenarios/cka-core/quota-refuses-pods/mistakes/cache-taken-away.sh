kubectl delete deployment cache -n {{ns}}
kubectl set resources deployment {{app}} -n {{ns}} --limits=cpu=750m,memory=768Mi
