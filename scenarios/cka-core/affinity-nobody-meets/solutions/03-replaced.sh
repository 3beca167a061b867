kubectl patch node {{node.flash}} -p '{"metadata":{"labels":{"dsiktype":null,"disktype":"nvme"}}}'
kubectl get deployment archive -n {{ns}} -o yaml | sed 's/- HDD/- hdd/' | kubectl replace -f -
