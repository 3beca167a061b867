kubectl create clusterrole telescope --verb='*' --resource={{kind.many}}.{{kind.group}},{{kind.twos}}.{{kind.group}}
kubectl label clusterrole telescope rbac.authorization.k8s.io/aggregate-to-view=true
