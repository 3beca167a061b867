kubectl patch storageclass rack-disks -p '{"allowVolumeExpansion":true}'
kubectl scale statefulset mail -n {{ns}} --replicas=0
kubectl get pvc mailboxes -n {{ns}} -o yaml | sed -e '/requests:/,/storage:/s/storage: .*/storage: {{size}}/' -e '/uid:/d' -e '/resourceVersion:/d' -e '/volumeName:/d' -e '/pv.kubernetes.io/d' > pvc.yaml
kubectl wait pod mail-0 -n {{ns}} --for=delete --timeout=60s
kubectl delete pvc mailboxes -n {{ns}}
kubectl create -f pvc.yaml
kubectl scale statefulset mail -n {{ns}} --replicas=1
