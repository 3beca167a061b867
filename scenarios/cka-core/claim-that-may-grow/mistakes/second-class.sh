kubectl get storageclass rack-disks -o json | jq '.metadata = {name: "rack-disks-growing"} | .allowVolumeExpansion = true' | kubectl create -f -
kubectl patch pvc mailboxes -n {{ns}} -p '{"spec":{"resources":{"requests":{"storage":"{{size}}"}}}}' || true
