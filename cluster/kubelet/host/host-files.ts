/** The files of a node's own disk, as far as pods may see them: an Ubuntu machine that kubeadm has set up. */
import { file, folder, link, treeOf, type FolderNode, type Node } from '../files/file-tree.ts';
import { NATIVE } from '../shell/programs.ts';
import { NODE_TOOLS } from './tools.ts';

/** What a root shell on a node (`chroot /host`) finds, apart from the machine's own services. */
const PROGRAMS =
  '[ arch base64 basename bash cat chgrp chmod chown chroot clear cp curl cut date dd df diff dirname du echo egrep env expr false fgrep find free getent grep groups gzip head hostname id kill ln ls md5sum mkdir mknod mount mv nl nohup nproc pgrep pidof ping printenv printf ps pwd readlink realpath rm rmdir sed seq setsid sh sha1sum sha256sum sha512sum sleep sort stat stty sync tac tail tar tee test timeout top touch tr true truncate tty umount uname uniq unlink uptime vi wc wget which whoami xargs yes'.split(
    ' ',
  );
const SERVICES = NODE_TOOLS;

const program = (name: string): Node => file(NATIVE + name, { mode: 0o755 });

const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
const KUBELET_UNIT = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`;
const KUBELET_DROP_IN = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=${KUBELET_CONFIG}"
# This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
# the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

const CONTAINERD_UNIT = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target dbus.service

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
`;
const CONTAINERD_CONFIG = `version = 3

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = 'registry.k8s.io/pause:3.10.1'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = true
`;
const APT_SOURCE =
  'deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.gpg] https://pkgs.k8s.io/core:/stable:/v1.35/deb/ /\n';

const made = new Map<string, FolderNode>();
const KEPT = 200;

/** Shared by all clusters: the same node has the same files. */
export function hostFiles(hostname: string): FolderNode {
  const known = made.get(hostname);
  if (known !== undefined) return known;
  const tree = freshHost(hostname);
  if (made.size > KEPT) made.clear();
  made.set(hostname, tree);
  return tree;
}

const freshHost = (hostname: string): FolderNode =>
  treeOf({
    ...Object.fromEntries([...PROGRAMS, ...SERVICES].map((name) => [`usr/bin/${name}`, program(name)])),
    'usr/bin/kubelet': program('kubelet'),
    'usr/bin/containerd': program('containerd'),
    'usr/sbin': folder(),
    'usr/lib/systemd/system/containerd.service': file(CONTAINERD_UNIT),
    'etc/systemd/system': folder(),
    'etc/default/kubelet': file('KUBELET_EXTRA_ARGS=\n'),
    'etc/containerd/config.toml': file(CONTAINERD_CONFIG),
    'etc/crictl.yaml': file('runtime-endpoint: unix:///var/run/containerd/containerd.sock\n'),
    'etc/fstab': file('LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,errors=remount-ro\t0 1\n'),
    'etc/apt/sources.list.d/kubernetes.list': file(APT_SOURCE),
    'opt/cni/bin': folder(),
    'usr/lib/systemd/system/kubelet.service': file(KUBELET_UNIT),
    'usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': file(KUBELET_DROP_IN),
    bin: link('usr/bin'),
    sbin: link('usr/sbin'),
    lib: link('usr/lib'),
    boot: folder(),
    dev: folder(),
    proc: folder(),
    sys: folder(),
    'etc/hostname': file(`${hostname}\n`),
    'etc/hosts': file(`127.0.0.1 localhost\n127.0.1.1 ${hostname}\n`),
    'etc/passwd': file('root:x:0:0:root:/root:/bin/bash\n'),
    'etc/group': file('root:x:0:\n'),
    'etc/os-release': file('PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n'),
    'etc/resolv.conf': file('nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n'),
    'etc/localtime': file(''),
    'etc/machine-id': file('5f2b8b1c7d5e4d0f9b3b5d1a7c9e0f11\n'),
    'etc/ssl/certs': folder(),
    'etc/kubernetes/manifests': folder(),
    'etc/kubernetes/pki': folder(),
    'var/lib/kubelet': folder(),
    'var/lib/etcd': folder([], { mode: 0o700 }),
    'var/log/pods': folder(),
    'var/log/containers': folder(),
    'var/log/syslog': file(''),
    home: folder(),
    srv: folder(),
    mnt: folder(),
    media: folder(),
    root: folder([], { mode: 0o700 }),
    tmp: folder([], { mode: 0o1777 }),
    'usr/local': folder(),
    'usr/share': folder(),
    run: folder(),
    'var/run': link('/run'),
    'var/tmp': folder([], { mode: 0o1777 }),
    'run/containerd/containerd.sock': file(''),
  });
