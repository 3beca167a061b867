kubectl create service externalname {{name}} -n {{owner}} --external-name rates-v2.{{owner}}.svc.cluster.local
