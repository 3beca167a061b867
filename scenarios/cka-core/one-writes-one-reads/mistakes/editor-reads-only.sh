kubectl create -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolume
metadata: {name: {{ns}}-pages}
spec:
  capacity: {storage: {{size}}}
  accessModes: [ReadWriteMany]
  nfs: {server: 172.30.1.2, path: /exports/{{ns}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pages, namespace: {{ns}}}
spec:
  accessModes: [ReadWriteMany]
  resources: {requests: {storage: 1Gi}}
MANIFEST
for app in editor site; do
  kubectl get deployment $app -n {{ns}} -o json | jq '.spec.template.spec.volumes[0] = {name: "pages", persistentVolumeClaim: {claimName: "pages", readOnly: true}}' | kubectl replace -f -
done
