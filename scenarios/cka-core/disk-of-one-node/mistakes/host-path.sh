kubectl create -f - <<MANIFEST
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nvme}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: nvme-0}
spec:
  capacity: {storage: {{size}}}
  accessModes: [ReadWriteOnce]
  storageClassName: nvme
  hostPath: {path: /mnt/disks/nvme0}
  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [{{node.own}}]}]}]}}
MANIFEST
kubectl apply -f local-storage.yaml
kubectl patch deployment search -n {{ns}} -p '{"spec":{"template":{"spec":{"nodeSelector":null,"tolerations":[{"key":"storage","operator":"Exists"}]}}}}'
