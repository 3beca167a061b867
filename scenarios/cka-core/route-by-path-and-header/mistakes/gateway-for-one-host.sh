kubectl apply -f - <<EOF
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: {{ns}}}
spec:
  parentRefs: [{name: front}]
  hostnames: [shop.example]
  rules:
  - matches:
    - path: {type: PathPrefix, value: /shop}
      headers: [{name: {{header}}, value: "yes"}]
    backendRefs: [{name: next, port: 80}]
  - matches:
    - path: {type: PathPrefix, value: /shop}
    backendRefs: [{name: stable, port: 80}]
EOF
kubectl patch gateway front -n {{ns}} --type=json -p '[{"op":"add","path":"/spec/listeners/0/hostname","value":"shop.example"}]'
