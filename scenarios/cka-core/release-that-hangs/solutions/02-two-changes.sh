kubectl set image deployment {{app}} -n {{ns}} web=nginx:1.28
kubectl set env deployment {{app}} -n {{ns}} THEME=spring
