kubectl set image deployment {{app}} -n {{ns}} web=nginx:1.29
