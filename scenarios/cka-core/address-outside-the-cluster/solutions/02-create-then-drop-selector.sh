kubectl create service clusterip legacy-db -n {{ns}} --tcp={{port}}
kubectl patch service legacy-db -n {{ns}} --type=json -p '[{"op":"remove","path":"/spec/selector"}]'
# the slice that the controller had begun goes with its selector
name=$(kubectl get service legacy-db -n {{ns}} -o jsonpath='{.spec.ports[0].name}')
kubectl delete endpointslices -n {{ns}} -l kubernetes.io/service-name=legacy-db
kubectl create -f - <<EOF
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  generateName: legacy-db-
  namespace: {{ns}}
  labels:
    kubernetes.io/service-name: legacy-db
    endpointslice.kubernetes.io/managed-by: staff
addressType: IPv4
ports:
- name: "$name"
  port: {{port}}
endpoints:
- addresses:
  - {{address}}
  conditions:
    ready: true
EOF
