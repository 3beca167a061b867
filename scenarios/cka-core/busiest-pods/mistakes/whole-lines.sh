kubectl top pod -n {{ns}} -l tier=batch --sort-by=cpu | sed -n 1,2p > ~/busiest.txt
kubectl top pod -n {{ns}} -l tier=batch --sort-by=memory | sed -n 1,2p > ~/hungriest.txt
