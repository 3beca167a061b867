kubectl get storageclass local-path -o json | jq 'del(.metadata) | .metadata.name = "premium-ssd"' | kubectl apply -f -
