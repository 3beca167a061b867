kubectl get storageclass rack-disks -o yaml > class.yaml
echo 'allowVolumeExpansion: true' >> class.yaml
kubectl apply -f class.yaml
KUBE_EDITOR="sed -i '/requests:/,/storage:/s/storage: .*/storage: {{size}}/'" kubectl edit pvc mailboxes -n {{ns}}
