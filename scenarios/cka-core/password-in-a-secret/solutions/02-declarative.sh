cat > cashier.yaml <<EOF
apiVersion: v1
kind: Secret
metadata: {name: db-login, namespace: {{ns}}}
immutable: true
stringData:
  username: cashier
  password: "{{password.plain}}"
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cashier, namespace: {{ns}}}
spec:
  selector: {matchLabels: {app: cashier}}
  template:
    metadata: {labels: {app: cashier}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: app
        image: busybox:1.37
        command: [sleep, infinity]
        env:
        - name: DB_USER
          valueFrom:
            secretKeyRef: {name: db-login, key: username}
        volumeMounts:
        - {name: login, mountPath: /run/db}
      volumes:
      - name: login
        secret:
          secretName: db-login
          defaultMode: 0400
          items: [{key: password, path: password}]
EOF
kubectl replace -f cashier.yaml 2>/dev/null || kubectl create -f cashier.yaml || true
kubectl replace -f cashier.yaml
kubectl rollout status deployment cashier -n {{ns}} --timeout=60s
