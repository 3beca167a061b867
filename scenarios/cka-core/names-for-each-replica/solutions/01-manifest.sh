kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata:
  name: {{set}}
  namespace: {{ns}}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    app: {{set}}
  ports:
  - name: http
    port: 80
EOF
