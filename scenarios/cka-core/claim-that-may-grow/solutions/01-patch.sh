kubectl patch storageclass rack-disks -p '{"allowVolumeExpansion":true}'
kubectl patch pvc mailboxes -n {{ns}} -p '{"spec":{"resources":{"requests":{"storage":"{{size}}"}}}}'
