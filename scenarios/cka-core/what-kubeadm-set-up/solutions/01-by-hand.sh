cat > ~/{{file}}.yaml <<FACTS
podSubnet: $(kubectl get cm kubeadm-config -n kube-system -o yaml | grep podSubnet | awk '{print $2}')
serviceSubnet: $(kubectl get cm kubeadm-config -n kube-system -o yaml | grep serviceSubnet | awk '{print $2}')
etcdDataDir: $(kubectl get pod etcd-controlplane -n kube-system -o yaml | grep -- --data-dir | cut -d= -f2)
apiServerImage: $(kubectl get pod kube-apiserver-controlplane -n kube-system -o jsonpath='{.spec.containers[0].image}')
cgroupDriver: $(kubectl get cm kubelet-config -n kube-system -o yaml | grep cgroupDriver | awk '{print $2}')
FACTS
kubectl get cm kube-root-ca.crt -n kube-system -o jsonpath='{.data.ca\.crt}' > ~/{{file}}-ca.crt
kubectl apply -f - <<MANIFEST
apiVersion: v1
kind: Secret
metadata:
  name: bootstrap-token-{{token.id}}
  namespace: kube-system
type: bootstrap.kubernetes.io/token
stringData:
  token-id: {{token.id}}
  token-secret: {{token.secret}}
  usage-bootstrap-authentication: "true"
  usage-bootstrap-signing: "true"
  auth-extra-groups: system:bootstrappers:kubeadm:default-node-token
MANIFEST
