kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata: {name: legacy-db, namespace: {{ns}}}
spec:
  ports: [{port: {{port}}}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: legacy-db, namespace: {{ns}}}
addressType: IPv4
ports: [{port: {{port}}}]
endpoints: [{addresses: ["{{address}}"]}]
EOF
