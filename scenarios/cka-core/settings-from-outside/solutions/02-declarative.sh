cat > board.yaml <<EOF
apiVersion: v1
kind: ConfigMap
metadata: {name: board, namespace: {{ns}}}
data:
  timezone: {{zone}}
  refresh: "30"
  lines.json: |
$(sed 's/^/    /' lines.json)
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: board, namespace: {{ns}}}
spec:
  selector: {matchLabels: {app: board}}
  template:
    metadata: {labels: {app: board}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: board
        image: busybox:1.37
        command: [sleep, infinity]
        env:
        - name: TZ
          valueFrom: {configMapKeyRef: {name: board, key: timezone}}
        volumeMounts:
        - {name: lines, mountPath: /etc/board, readOnly: true}
      volumes:
      - name: lines
        configMap:
          name: board
          items: [{key: lines.json, path: lines.json}]
EOF
kubectl apply -f board.yaml
kubectl rollout status deployment board -n {{ns}} --timeout=60s
