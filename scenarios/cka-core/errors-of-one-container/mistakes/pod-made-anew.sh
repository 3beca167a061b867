kubectl get pod till -n {{ns}} -o yaml > till.yaml
kubectl replace --force -f till.yaml
kubectl wait pod till -n {{ns}} --for=condition=Ready --timeout=60s
kubectl logs till -n {{ns}} -c payments | grep ^ERROR > ~/payments-errors.log
kubectl logs till -n {{ns}} -c audit | grep -c ^ERROR > ~/audit-count.txt
