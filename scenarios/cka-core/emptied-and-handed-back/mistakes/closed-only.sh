kubectl cordon {{node.own}}
kubectl uncordon {{node.own}}
kubectl replace --force -f import.yaml
