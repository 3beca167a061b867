kubectl patch storageclass rack-disks -p '{"allowVolumeExpansion":true}'
kubectl patch pvc mailboxes -n {{ns}} -p '{"spec":{"resources":{"requests":{"storage":"{{size}}"}}}}'
kubectl delete pod mail-0 -n {{ns}}
