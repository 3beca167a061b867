kubectl get storageclass rack-disks -o json | jq '.allowVolumeExpansion = true' > class.json
kubectl replace --force -f class.json
kubectl get pvc mailboxes -n {{ns}} -o json | jq '.spec.resources.requests.storage = "{{size}}"' | kubectl replace -f -
