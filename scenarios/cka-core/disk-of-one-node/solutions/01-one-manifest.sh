cat > nvme.yaml <<MANIFEST
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: nvme
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: nvme-0
spec:
  capacity:
    storage: {{size}}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: nvme
  local:
    path: /mnt/disks/nvme0
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions:
            - key: kubernetes.io/hostname
              operator: In
              values: [{{node.own}}]
MANIFEST
kubectl apply -f nvme.yaml -f local-storage.yaml
kubectl patch deployment search -n {{ns}} -p '{"spec":{"template":{"spec":{"nodeSelector":null,"tolerations":[{"key":"storage","operator":"Equal","value":"reserved","effect":"NoSchedule"}]}}}}'
kubectl rollout status deployment search -n {{ns}} --timeout=90s
