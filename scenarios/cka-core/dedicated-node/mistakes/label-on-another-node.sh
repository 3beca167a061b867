kubectl taint node {{node.other}} maintenance-
kubectl taint node {{node.own}} dedicated={{pool}}:NoSchedule
kubectl label node {{node.other}} pool={{pool}}
kubectl patch deployment reports -n analytics -p '{"spec":{"template":{"spec":{"nodeSelector":{"pool":"{{pool}}"},
  "tolerations":[{"key":"dedicated","operator":"Equal","value":"{{pool}}","effect":"NoSchedule"}]}}}}'
