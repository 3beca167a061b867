kubectl logs -n {{ns}} pod/till --container=payments > all.log
awk '$1 == "ERROR"' all.log > ~/payments-errors.log
kubectl logs -n {{ns}} pod/till --container=audit | awk '$1 == "ERROR" { n++ } END { print n }' > ~/audit-count.txt
