kubectl logs till -n {{ns}} -c payments | grep -i error > ~/payments-errors.log
kubectl logs till -n {{ns}} -c audit | grep -ci error > ~/audit-count.txt
