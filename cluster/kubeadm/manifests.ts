/** The static pods of a control plane, as kubeadm 1.35 writes them to /etc/kubernetes/manifests. */
import type { Container, Pod, Volume } from '../api/types.ts';

const VERSION = 'v1.35.4';
const REGISTRY = 'registry.k8s.io';
const PKI = '/etc/kubernetes/pki';

interface Component {
  name: string;
  image: string;
  /** Flags after the program, which has the component's name. */
  flags: string[];
  requests: Record<string, string>;
  /** Where it says how it is: path on the health port. */
  health: { port: number; scheme: 'HTTP' | 'HTTPS'; startup: string; live: string; ready?: string };
  /** Host paths mounted under the same name: volume, path, kind of path; all read-only but the last of etcd. */
  mounts: [name: string, path: string, type: string, writable?: true][];
  annotations?: Record<string, string>;
}

/** Certificates that the image reads from the host's distribution. */
const CA_CERTIFICATES: Component['mounts'] = [
  ['ca-certs', '/etc/ssl/certs', 'DirectoryOrCreate'],
  ['etc-ca-certificates', '/etc/ca-certificates', 'DirectoryOrCreate'],
  ['k8s-certs', PKI, 'DirectoryOrCreate'],
  ['usr-local-share-ca-certificates', '/usr/local/share/ca-certificates', 'DirectoryOrCreate'],
  ['usr-share-ca-certificates', '/usr/share/ca-certificates', 'DirectoryOrCreate'],
];

const etcd = (node: string, address: string): Component => ({
  name: 'etcd',
  image: `${REGISTRY}/etcd:3.6.6-0`,
  annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${address}:2379` },
  flags: [
    `--advertise-client-urls=https://${address}:2379`,
    `--cert-file=${PKI}/etcd/server.crt`,
    '--client-cert-auth=true',
    '--data-dir=/var/lib/etcd',
    '--feature-gates=InitialCorruptCheck=true',
    `--initial-advertise-peer-urls=https://${address}:2380`,
    `--initial-cluster=${node}=https://${address}:2380`,
    `--key-file=${PKI}/etcd/server.key`,
    `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
    '--listen-metrics-urls=http://127.0.0.1:2381',
    `--listen-peer-urls=https://${address}:2380`,
    `--name=${node}`,
    `--peer-cert-file=${PKI}/etcd/peer.crt`,
    '--peer-client-cert-auth=true',
    `--peer-key-file=${PKI}/etcd/peer.key`,
    `--peer-trusted-ca-file=${PKI}/etcd/ca.crt`,
    '--snapshot-count=10000',
    `--trusted-ca-file=${PKI}/etcd/ca.crt`,
    '--watch-progress-notify-interval=5s',
  ],
  requests: { cpu: '100m', memory: '100Mi' },
  health: { port: 2381, scheme: 'HTTP', startup: '/readyz', live: '/livez', ready: '/readyz' },
  mounts: [
    ['etcd-certs', `${PKI}/etcd`, 'DirectoryOrCreate'],
    ['etcd-data', '/var/lib/etcd', 'DirectoryOrCreate', true],
  ],
});

const apiServer = (address: string): Component => ({
  name: 'kube-apiserver',
  image: `${REGISTRY}/kube-apiserver:${VERSION}`,
  annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:6443` },
  flags: [
    `--advertise-address=${address}`,
    '--allow-privileged=true',
    '--authorization-mode=Node,RBAC',
    `--client-ca-file=${PKI}/ca.crt`,
    '--enable-admission-plugins=NodeRestriction',
    '--enable-bootstrap-token-auth=true',
    `--etcd-cafile=${PKI}/etcd/ca.crt`,
    `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
    `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
    '--etcd-servers=https://127.0.0.1:2379',
    `--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
    `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    `--proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
    `--proxy-client-key-file=${PKI}/front-proxy-client.key`,
    '--requestheader-allowed-names=front-proxy-client',
    `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    '--secure-port=6443',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${PKI}/sa.pub`,
    `--service-account-signing-key-file=${PKI}/sa.key`,
    '--service-cluster-ip-range=10.96.0.0/12',
    `--tls-cert-file=${PKI}/apiserver.crt`,
    `--tls-private-key-file=${PKI}/apiserver.key`,
  ],
  requests: { cpu: '250m' },
  health: { port: 6443, scheme: 'HTTPS', startup: '/livez', live: '/livez', ready: '/readyz' },
  mounts: CA_CERTIFICATES,
});

const controllerManager = (): Component => ({
  name: 'kube-controller-manager',
  image: `${REGISTRY}/kube-controller-manager:${VERSION}`,
  flags: [
    '--allocate-node-cidrs=true',
    '--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--bind-address=127.0.0.1',
    `--client-ca-file=${PKI}/ca.crt`,
    '--cluster-cidr=10.244.0.0/16',
    '--cluster-name=kubernetes',
    `--cluster-signing-cert-file=${PKI}/ca.crt`,
    `--cluster-signing-key-file=${PKI}/ca.key`,
    '--controllers=*,bootstrapsigner,tokencleaner',
    '--kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--leader-elect=true',
    `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
    `--root-ca-file=${PKI}/ca.crt`,
    `--service-account-private-key-file=${PKI}/sa.key`,
    '--service-cluster-ip-range=10.96.0.0/12',
    '--use-service-account-credentials=true',
  ],
  requests: { cpu: '200m' },
  health: { port: 10257, scheme: 'HTTPS', startup: '/healthz', live: '/healthz' },
  mounts: [
    ...CA_CERTIFICATES,
    ['flexvolume-dir', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec', 'DirectoryOrCreate', true],
    ['kubeconfig', '/etc/kubernetes/controller-manager.conf', 'FileOrCreate'],
  ],
});

const scheduler = (): Component => ({
  name: 'kube-scheduler',
  image: `${REGISTRY}/kube-scheduler:${VERSION}`,
  flags: [
    '--authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--bind-address=127.0.0.1',
    '--kubeconfig=/etc/kubernetes/scheduler.conf',
    '--leader-elect=true',
  ],
  requests: { cpu: '100m' },
  health: { port: 10259, scheme: 'HTTPS', startup: '/livez', live: '/livez', ready: '/readyz' },
  mounts: [['kubeconfig', '/etc/kubernetes/scheduler.conf', 'FileOrCreate']],
});

function podOf({ name, image, flags, requests, health, mounts, annotations }: Component, address: string): Pod {
  const host = name === 'kube-apiserver' ? address : '127.0.0.1';
  const probe = (path: string, rest: Partial<NonNullable<Container['livenessProbe']>>) => ({
    httpGet: { host, path, port: 'probe-port', scheme: health.scheme },
    timeoutSeconds: 15,
    ...rest,
  });
  const volumes: Volume[] = mounts.map(([volume, path, type]) => ({ name: volume, hostPath: { path, type } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      containers: [
        {
          name,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: [name, ...flags],
          ports: [{ name: 'probe-port', containerPort: health.port, protocol: 'TCP' }],
          startupProbe: probe(health.startup, { failureThreshold: 24, initialDelaySeconds: 10, periodSeconds: 10 }),
          livenessProbe: probe(health.live, { failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10 }),
          ...(health.ready ? { readinessProbe: probe(health.ready, { failureThreshold: 3, periodSeconds: 1 }) } : {}),
          resources: { requests },
          volumeMounts: mounts.map(([volume, path, , writable]) => ({
            name: volume,
            mountPath: path,
            ...(writable ? {} : { readOnly: true }),
          })),
        },
      ],
      hostNetwork: true,
      priority: 2_000_001_000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes,
    },
  };
}

/** Of the control plane on one node, in the order in which they depend on each other. */
export const controlPlanePods = (node: string, address: string): Pod[] =>
  [etcd(node, address), apiServer(address), controllerManager(), scheduler()].map((component) =>
    podOf(component, address),
  );
