kubectl taint node node01 maintenance:NoSchedule-
kubectl taint node node02 dedicated=reports:NoSchedule
kubectl label node node02 pool=reports
kubectl get deployment reports -n analytics -o yaml |
  yq '.spec.template.spec.nodeSelector.pool = "reports" |
      .spec.template.spec.tolerations = [{"key": "dedicated", "value": "reports", "effect": "NoSchedule"}]' > reports.yaml
kubectl apply -f reports.yaml
kubectl rollout status deployment reports -n analytics --timeout=60s
