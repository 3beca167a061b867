kubectl taint node node01 maintenance-
kubectl taint node node02 dedicated=reports:NoSchedule
kubectl label node node02 pool=reports
kubectl scale deployment reports -n analytics --replicas=0
kubectl wait pods -l app=reports -n analytics --for=delete --timeout=90s
kubectl patch deployment reports -n analytics -p '{"spec":{"replicas":2,"template":{"spec":{"nodeSelector":{"pool":"reports"},
  "tolerations":[{"key":"dedicated","operator":"Equal","value":"report","effect":"NoSchedule"}]}}}}'
