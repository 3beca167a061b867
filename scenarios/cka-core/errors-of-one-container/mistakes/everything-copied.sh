kubectl logs till -n {{ns}} -c payments > ~/payments-errors.log
kubectl logs till -n {{ns}} -c audit | grep -c ^ERROR > ~/audit-count.txt
