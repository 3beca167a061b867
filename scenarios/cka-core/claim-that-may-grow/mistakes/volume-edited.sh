kubectl patch storageclass rack-disks -p '{"allowVolumeExpansion":true}'
kubectl patch pv rack-17 -p '{"spec":{"capacity":{"storage":"{{size}}"}}}'
