kubectl patch storageclass rack-disks -p '{"allowVolumeExpansion":true}'
