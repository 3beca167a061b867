kubectl delete svc gate -n harbor
# something else takes the address that became free
kubectl create service clusterip blocker -n harbor --tcp=80
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
    - port: 80
      nodePort: {{nodePort}}
EOF
