kubectl taint node node01 maintenance:NoSchedule-
kubectl taint node node02 dedicated=reports:NoSchedule
kubectl label node node02 pool=reports
kubectl get deployment reports -n analytics -o json |
  jq '.spec.template.spec.nodeSelector.pool = "reports" |
      .spec.template.spec.tolerations = [{"key": "dedicated", "value": "reports", "effect": "NoSchedule"}]' > reports.json
kubectl apply -f reports.json
kubectl rollout status deployment reports -n analytics --timeout=60s
