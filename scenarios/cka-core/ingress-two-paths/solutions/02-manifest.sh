kubectl apply -f - <<EOF
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: museum
  namespace: museum
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: lobby
      port:
        number: 80
  rules:
  - host: {{host}}
    http:
      paths:
      - path: /plan
        pathType: Exact
        backend:
          service:
            name: plan
            port:
              name: http
      - path: /tickets
        pathType: Prefix
        backend:
          service:
            name: tickets
            port:
              number: 8080
EOF
