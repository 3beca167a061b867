kubectl top pod -n {{ns}} -l tier=batch --sort-by=cpu --no-headers | awk 'NR == 1 {print $1}' > ~/busiest.txt
cp ~/busiest.txt ~/hungriest.txt
