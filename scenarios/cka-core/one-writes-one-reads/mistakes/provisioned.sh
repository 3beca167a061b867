kubectl create -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pages, namespace: {{ns}}}
spec:
  accessModes: [ReadWriteMany]
  storageClassName: local-path
  resources: {requests: {storage: {{size}}}}
MANIFEST
for app in editor site; do
  kubectl get deployment $app -n {{ns}} -o json | jq '.spec.template.spec.volumes[0] = {name: "pages", persistentVolumeClaim: {claimName: "pages"}}' | kubectl replace -f -
done
