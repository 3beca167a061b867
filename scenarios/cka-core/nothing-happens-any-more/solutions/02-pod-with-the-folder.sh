kubectl apply -f - <<'EOF'
apiVersion: v1
kind: Pod
metadata:
  name: repair
  namespace: kube-system
spec:
  nodeName: controlplane
  restartPolicy: Never
  containers:
    - name: sed
      image: busybox:1.37
      command:
        - sh
        - -c
        - sed -i 's#pki/sa.pem#pki/sa.key#' /m/kube-controller-manager.yaml && sed -i 's#root-ca-file=.*#root-ca-file=/etc/kubernetes/pki/ca.crt#' /m/kube-controller-manager.yaml
      volumeMounts:
        - {name: m, mountPath: /m}
  volumes:
    - name: m
      hostPath: {path: /etc/kubernetes/manifests}
EOF
