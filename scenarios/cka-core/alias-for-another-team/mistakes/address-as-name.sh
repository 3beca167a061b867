kubectl create service externalname {{name}} -n {{ns}} --external-name "$(kubectl get service rates-v2 -n {{owner}} -o jsonpath='{.spec.clusterIP}')"
