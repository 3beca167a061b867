kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata: {name: legacy-db, namespace: {{ns}}}
spec:
  ports: [{port: {{port}}}]
EOF
