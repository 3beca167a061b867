kubectl get namespace {{ns}} -o json | jq 'del(.spec.finalizers)' | kubectl replace --raw /api/v1/namespaces/{{ns}}/finalize -f - > out.json
kubectl create namespace {{ns}}
kubectl label namespace {{ns}} owner={{owner}}
