kubectl create configmap board -n {{ns}} --from-literal=timezone={{zone}} --from-literal=refresh=30 --from-file=lines.json
kubectl patch deployment board -n {{ns}} -p '{"spec":{"template":{"spec":{"containers":[{"name":"board","env":[{"name":"TZ","value":"{{zone}}"}],"volumeMounts":[{"name":"board","mountPath":"/etc/board"}]}],"volumes":[{"name":"board","configMap":{"name":"board"}}]}}}}'
