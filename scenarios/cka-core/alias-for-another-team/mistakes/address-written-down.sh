address=$(kubectl get pods -n {{owner}} -l app=rates-v2 -o jsonpath='{.items[0].status.podIP}')
kubectl apply -n {{ns}} -f - <<END
apiVersion: v1
kind: Service
metadata: {name: {{name}}}
spec:
  ports: [{port: 80}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: {{name}}-1, labels: {kubernetes.io/service-name: {{name}}}}
addressType: IPv4
ports: [{name: "", port: 80, protocol: TCP}]
endpoints: [{addresses: ["$address"]}]
END
