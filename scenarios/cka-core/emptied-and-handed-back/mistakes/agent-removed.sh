kubectl get daemonset agent -n {{ns}} -o yaml > agent.yaml
kubectl delete daemonset agent -n {{ns}}
kubectl drain {{node.own}} --delete-emptydir-data --force --ignore-daemonsets
kubectl uncordon {{node.own}}
kubectl apply -f import.yaml
kubectl create -f agent.yaml
