/** Names of what a node's own machine has beside the programs of every Linux. */
export const NODE_TOOLS: readonly string[] =
  'apt-cache apt-get apt-mark apt awk comm crictl etcdctl etcdutl hostnamectl ip journalctl kubeadm less more netstat openssl paste pkill rev ss strings sudo swapoff swapon sysctl systemctl tr vim watch'.split(
    ' ',
  );
