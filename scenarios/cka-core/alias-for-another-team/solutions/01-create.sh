kubectl create service externalname {{name}} -n {{ns}} --external-name rates-v2.{{owner}}.svc.cluster.local
