kubectl debug node/controlplane --image=busybox:1.37 --profile=sysadmin -- chroot /host sh -c '
  sed -i "s/--leader-elects=true/--leader-elect=false/" /etc/kubernetes/manifests/kube-scheduler.yaml
  sed -i "s/schedular.conf/scheduler.conf/" /etc/kubernetes/manifests/kube-scheduler.yaml'
