kubectl apply -f - <<'EOF'
apiVersion: v1
kind: Pod
metadata:
  name: repair
spec:
  nodeName: controlplane
  restartPolicy: Never
  containers:
    - name: shell
      image: busybox:1.37
      command: ["sleep", "600"]
      volumeMounts:
        - {name: etc, mountPath: /host}
  volumes:
    - name: etc
      hostPath: {path: /etc/kubernetes}
EOF
kubectl wait pod repair --for=condition=Ready --timeout=30s
kubectl exec repair -- sed -i '/leader-elects/d' /host/manifests/kube-scheduler.yaml
kubectl exec repair -- sed -i 's/schedular/scheduler/' /host/manifests/kube-scheduler.yaml
kubectl delete pod repair --force --grace-period=0
