kubectl create -f - <<EOF
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: {{ns}}
spec:
  parentRefs:
  - name: front
    sectionName: http
  hostnames:
  - shop.example
  rules:
  - matches:
    - path:
        value: /shop
    backendRefs:
    - name: stable
      port: 80
EOF
kubectl patch httproute shop -n {{ns}} --type=json -p '[{"op":"add","path":"/spec/rules/-","value":{"matches":[{"path":{"type":"PathPrefix","value":"/shop"},"headers":[{"type":"Exact","name":"{{header}}","value":"yes"}]}],"backendRefs":[{"name":"next","port":80}]}}]'
