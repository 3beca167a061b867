mkdir -p ~/{{dir}}
cd ~/{{dir}}
kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.nodeInfo.kernelVersion}{" "}{.status.nodeInfo.containerRuntimeVersion}{"\n"}{end}' | sort > systems.txt
kubectl get nodes -o wide --no-headers | grep '^{{node.name}} ' | awk '{print $6}' > address.txt
kubectl describe nodes | grep -E '^(Name|Taints):' | paste - - | grep -v '<none>' | awk '{print $2}' > tainted.txt
kubectl describe node {{node.name}} | sed -n '/^Allocatable:/,/^System Info:/p' | grep memory: | awk '{print $2}' > memory.txt
