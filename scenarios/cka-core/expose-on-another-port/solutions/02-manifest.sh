kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata:
  name: orders
  namespace: {{ns}}
spec:
  selector:
    app: orders
  ports:
    - name: http
      port: {{port}}
      targetPort: 80
EOF
