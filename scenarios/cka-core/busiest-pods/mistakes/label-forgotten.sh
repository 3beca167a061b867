kubectl top pod -n {{ns}} --sort-by=cpu --no-headers | awk 'NR == 1 {print $1}' > ~/busiest.txt
kubectl top pod -n {{ns}} --sort-by=memory --no-headers | awk 'NR == 1 {print $1}' > ~/hungriest.txt
