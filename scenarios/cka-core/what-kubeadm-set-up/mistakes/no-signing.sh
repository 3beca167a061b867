printf 'podSubnet: 10.244.0.0/16\nserviceSubnet: 10.96.0.0/12\netcdDataDir: /var/lib/etcd\napiServerImage: registry.k8s.io/kube-apiserver:v1.35.4\ncgroupDriver: systemd\n' > ~/{{file}}.yaml
kubectl get cm kube-root-ca.crt -n default -o jsonpath='{.data.ca\.crt}' > ~/{{file}}-ca.crt
kubectl create secret generic bootstrap-token-{{token.id}} -n kube-system --type=bootstrap.kubernetes.io/token \
  --from-literal=token-id={{token.id}} --from-literal=token-secret={{token.secret}} \
  --from-literal=usage-bootstrap-authentication=true \
  --from-literal=auth-extra-groups=system:bootstrappers:kubeadm:default-node-token
