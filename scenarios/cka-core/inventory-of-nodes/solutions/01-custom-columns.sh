mkdir -p ~/{{dir}}
kubectl get nodes --sort-by=.metadata.name -o custom-columns=NAME:.metadata.name,KERNEL:.status.nodeInfo.kernelVersion,RUNTIME:.status.nodeInfo.containerRuntimeVersion > ~/{{dir}}/systems.txt
kubectl get node {{node.name}} -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}' > ~/{{dir}}/address.txt
kubectl get nodes -o json | jq -r '.items[] | select(.spec.taints) | .metadata.name' > ~/{{dir}}/tainted.txt
kubectl get node {{node.name}} -o jsonpath='{.status.allocatable.memory}' > ~/{{dir}}/memory.txt
