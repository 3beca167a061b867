kubectl apply -f local-storage.yaml
kubectl create -f - <<MANIFEST
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nvme}
provisioner: kubernetes.io/no-provisioner
reclaimPolicy: Retain
volumeBindingMode: WaitForFirstConsumer
MANIFEST
kubectl label node {{node.own}} disk=nvme
kubectl create -f - <<MANIFEST
apiVersion: v1
kind: PersistentVolume
metadata: {name: nvme-0}
spec:
  capacity: {storage: {{size}}}
  accessModes: [ReadWriteOnce]
  storageClassName: nvme
  local: {path: /mnt/disks/nvme0}
  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [nvme]}]}]}}
MANIFEST
kubectl get deployment search -n {{ns}} -o json | jq '.spec.template.spec.nodeSelector = {disk: "nvme"} | .spec.template.spec.tolerations = [{operator: "Exists"}]' | kubectl replace -f -
kubectl rollout status deployment search -n {{ns}} --timeout=90s
