kubectl debug node/controlplane --image=busybox:1.37 --profile=sysadmin -- chroot /host \
  sed -i 's/sa\.pem/sa.key/' /etc/kubernetes/manifests/kube-controller-manager.yaml
