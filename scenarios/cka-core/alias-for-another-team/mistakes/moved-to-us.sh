kubectl create service externalname {{name}} -n {{ns}} --external-name rates-v2.{{owner}}.svc.cluster.local
kubectl patch service rates-v2 -n {{owner}} -p '{"spec":{"type":"NodePort"}}'
