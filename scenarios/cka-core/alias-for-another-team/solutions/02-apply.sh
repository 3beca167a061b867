kubectl apply -f - <<END
apiVersion: v1
kind: Service
metadata:
  name: {{name}}
  namespace: {{ns}}
spec:
  type: ExternalName
  externalName: rates-v2.{{owner}}.svc.cluster.local
  ports:
  - port: 80
END
