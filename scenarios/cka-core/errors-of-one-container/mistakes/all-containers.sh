kubectl logs till -n {{ns}} --all-containers | grep ^ERROR > ~/payments-errors.log
kubectl logs till -n {{ns}} --all-containers | grep -c ^ERROR > ~/audit-count.txt
