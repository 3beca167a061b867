kubectl apply -f - <<END
apiVersion: v1
kind: Service
metadata:
  name: {{app}}
  namespace: {{ns}}
spec:
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: {{seconds}}}}
  selector: {app: {{app}}}
  ports:
  - {name: play, port: 80, targetPort: play}
  - {name: score, port: 9000, targetPort: score}
END
