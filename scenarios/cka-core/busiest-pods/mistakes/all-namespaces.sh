kubectl top pod -A -l tier=batch --sort-by=cpu --no-headers | awk 'NR == 1 {print $2}' > ~/busiest.txt
kubectl top pod -A -l tier=batch --sort-by=memory --no-headers | awk 'NR == 1 {print $2}' > ~/hungriest.txt
