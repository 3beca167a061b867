kubectl get deployment reports -n {{ns}} -o yaml | sed 's/priorityClassName: steady/priorityClassName: leisure/' | kubectl replace -f -
kubectl rollout status deployment reports -n {{ns}} --timeout=60s
kubectl apply -f - <<END
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: {{class}}
value: {{value}}
description: payments come before everything else
END
kubectl get deployment payments -n {{ns}} -o json | jq '.spec.template.spec.priorityClassName = "{{class}}"' | kubectl apply -f -
