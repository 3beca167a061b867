kubectl taint node node01 maintenance-
kubectl taint node node02 dedicated=reports:PreferNoSchedule
kubectl label node node02 pool=reports
kubectl patch deployment reports -n analytics -p '{"spec":{"template":{"spec":{"nodeSelector":{"pool":"reports"},
  "tolerations":[{"key":"dedicated","operator":"Equal","value":"reports","effect":"NoSchedule"}]}}}}'
