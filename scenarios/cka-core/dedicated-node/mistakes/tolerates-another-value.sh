kubectl taint node {{node.other}} maintenance-
kubectl taint node {{node.own}} dedicated={{pool}}:NoSchedule
kubectl label node {{node.own}} pool={{pool}}
kubectl scale deployment reports -n analytics --replicas=0
kubectl wait pods -l app=reports -n analytics --for=delete --timeout=90s
kubectl patch deployment reports -n analytics -p '{"spec":{"replicas":2,"template":{"spec":{"nodeSelector":{"pool":"{{pool}}"},
  "tolerations":[{"key":"dedicated","operator":"Equal","value":"{{pool}}-old","effect":"NoSchedule"}]}}}}'
