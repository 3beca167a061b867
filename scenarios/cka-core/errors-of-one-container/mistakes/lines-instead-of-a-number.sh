kubectl logs till -n {{ns}} -c payments | grep ^ERROR > ~/payments-errors.log
kubectl logs till -n {{ns}} -c audit | grep ^ERROR > ~/audit-count.txt
