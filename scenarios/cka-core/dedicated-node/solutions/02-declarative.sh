kubectl taint node {{node.other}} maintenance:NoSchedule-
kubectl taint node {{node.own}} dedicated={{pool}}:NoSchedule
kubectl label node {{node.own}} pool={{pool}}
kubectl get deployment reports -n analytics -o json |
  jq '.spec.template.spec.nodeSelector.pool = "{{pool}}" |
      .spec.template.spec.tolerations = [{"key": "dedicated", "value": "{{pool}}", "effect": "NoSchedule"}]' > reports.json
kubectl apply -f reports.json
kubectl rollout status deployment reports -n analytics --timeout=60s
