kubectl scale deployment gallery -n {{ns}} --replicas=0
kubectl get pvc uploads -n {{ns}} -o json | jq '{apiVersion, kind, metadata: {name: .metadata.name, namespace: .metadata.namespace}, spec} | .spec.storageClassName = "local-path"' > pvc.json
kubectl delete pvc uploads -n {{ns}}
kubectl create -f pvc.json
kubectl scale deployment gallery -n {{ns}} --replicas=1
