kubectl debug node/controlplane --image=busybox:1.37 --profile=sysadmin -- chroot /host \
  sed -i 's/--leader-elects=true/--leader-elect=true/' /etc/kubernetes/manifests/kube-scheduler.yaml
