kubectl delete service {{app}} -n {{ns}}
kubectl expose deployment {{app}}-stable -n {{ns}} --name={{app}} --port=80 --target-port=http
