kubectl logs till -n {{ns}} | grep ^ERROR > ~/payments-errors.log
kubectl logs till -n {{ns}} -c audit | grep -c ^ERROR > ~/audit-count.txt
