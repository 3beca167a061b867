kubectl taint node {{node.other}} maintenance=done:NoSchedule --overwrite
kubectl taint node {{node.own}} dedicated={{pool}}:NoSchedule
kubectl label node {{node.own}} pool={{pool}}
kubectl patch deployment reports -n analytics -p '{"spec":{"template":{"spec":{"nodeSelector":{"pool":"{{pool}}"},
  "tolerations":[{"key":"dedicated","operator":"Equal","value":"{{pool}}","effect":"NoSchedule"}]}}}}'
