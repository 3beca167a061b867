kubectl delete clusterrolebinding night-shift
