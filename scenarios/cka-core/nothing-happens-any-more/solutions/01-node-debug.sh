kubectl debug node/controlplane --image=busybox:1.37 --profile=sysadmin -- chroot /host sh -c '
  sed -i "s/sa\.pem/sa.key/" /etc/kubernetes/manifests/kube-controller-manager.yaml
  sed -i "s/ca\.cert$/ca.crt/" /etc/kubernetes/manifests/kube-controller-manager.yaml'
