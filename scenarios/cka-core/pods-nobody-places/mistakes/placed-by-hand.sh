kubectl patch deployment {{app}} -n {{ns}} -p '{"spec":{"template":{"spec":{"nodeName":"node01"}}}}'
kubectl scale deployment {{app}} -n {{ns}} --replicas=2
