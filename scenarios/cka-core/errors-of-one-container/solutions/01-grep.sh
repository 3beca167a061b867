kubectl logs till -n {{ns}} -c payments | grep ^ERROR > ~/payments-errors.log
kubectl logs till -n {{ns}} -c audit | grep -c ^ERROR > ~/audit-count.txt
