kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata:
  name: gate
  namespace: harbor
spec:
  type: NodePort
  externalTrafficPolicy: Local
  selector:
    app: gate
  ports:
    - name: http
      port: 80
      nodePort: {{nodePort}}
EOF
