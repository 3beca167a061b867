kubectl patch deployment writer -n archive -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"power","operator":"Equal","value":"battery","effect":"NoExecute","tolerationSeconds":{{seconds}}}]}}}}'
kubectl taint nodes {{node.own}} power=battery:NoExecute
