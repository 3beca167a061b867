kubectl taint node node01 maintenance=done:NoSchedule --overwrite
kubectl taint node node02 dedicated=reports:NoSchedule
kubectl label node node02 pool=reports
kubectl patch deployment reports -n analytics -p '{"spec":{"template":{"spec":{"nodeSelector":{"pool":"reports"},
  "tolerations":[{"key":"dedicated","operator":"Equal","value":"reports","effect":"NoSchedule"}]}}}}'
