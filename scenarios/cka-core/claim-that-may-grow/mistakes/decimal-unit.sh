kubectl patch storageclass rack-disks -p '{"allowVolumeExpansion":true}'
size={{size}}
kubectl patch pvc mailboxes -n {{ns}} -p "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"${size%i}\"}}}}"
