kubectl create configmap board --from-literal=timezone={{zone}} --from-literal=refresh=30 --from-file=lines.json
