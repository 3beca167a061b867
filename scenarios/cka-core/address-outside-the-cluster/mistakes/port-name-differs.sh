kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata: {name: legacy-db, namespace: {{ns}}}
spec:
  ports: [{name: db, port: {{port}}}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: legacy-db, namespace: {{ns}}, labels: {kubernetes.io/service-name: legacy-db}}
addressType: IPv4
ports: [{port: {{port}}}]
endpoints: [{addresses: ["{{address}}"]}]
EOF
