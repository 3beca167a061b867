kubectl scale statefulset queue -n {{ns}} --replicas=2
kubectl wait pod queue-2 -n {{ns}} --for=delete --timeout=60s
kubectl delete pvc spool-queue-2 spool-queue-3 -n {{ns}}
KUBE_EDITOR="sed -i 's/whenScaled: Retain/whenScaled: Delete/'" kubectl edit statefulset queue -n {{ns}}
