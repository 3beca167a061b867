echo {{who.neither}} > ~/busiest.txt
kubectl top pod -n {{ns}} -l tier=batch --sort-by=memory --no-headers | awk 'NR == 1 {print $1}' > ~/hungriest.txt
