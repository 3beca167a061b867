/** Names of what a node's own machine has beside the programs of every Linux. */
export const NODE_TOOLS: readonly string[] =
  'apt-cache apt-get apt-mark apt awk base32 comm crictl etcdctl etcdutl file hostnamectl install ip join journalctl kubeadm less more netstat openssl paste perl pkill rev ss strings sudo swapoff swapon sysctl systemctl tr vim watch'.split(
    ' ',
  );
