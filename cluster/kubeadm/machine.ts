/**
 * What kubeadm writes under /etc/kubernetes of its machines: certificates, kubeconfigs, manifests. Their names are there from the
 * start; what hangs on the cluster's authority, which no two clusters share, is written when somebody first looks at the machine.
 */
import { sign } from 'node:crypto';
import { stringify } from 'yaml';
import type { ConfigMap, Node } from '../api/types.ts';
import { ADMIN_CONFIG, CNI_CONFIGS, MANIFESTS, nodeFiles, putNodeFiles } from '../node-files.ts';
import type { Store } from '../store/store.ts';
import { issue, unsignedCertificates, type CertificateSigner } from '../x509/certificate.ts';
import { keyFrom, type Key } from '../x509/key.ts';
import { encodeName, type Name } from '../x509/name.ts';
import { KUBELET_CONFIGURATION } from './addons.ts';
import { controlPlanePods } from './manifests.ts';

const FOLDER = '/etc/kubernetes';
const PKI = `${FOLDER}/pki`;
const KUBELET_CONFIG = `${FOLDER}/kubelet.conf`;
const DAY_MS = 24 * 60 * 60 * 1000;
/** kubeadm's own lifetimes. */
const AUTHORITY_MS = 3650 * DAY_MS;
const LEAF_MS = 365 * DAY_MS;

type Texts = Record<string, string>;

const CONTROL_PLANE_NAMES = [
  'apiserver',
  'apiserver-kubelet-client',
  'apiserver-etcd-client',
  'front-proxy-client',
  'front-proxy-ca',
  'etcd/ca',
  'etcd/server',
  'etcd/peer',
  'etcd/healthcheck-client',
];
const CONFIGS = ['super-admin', 'controller-manager', 'scheduler'];

const isControlPlane = ({ metadata }: Node): boolean =>
  metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined;
const addressOf = ({ status }: Node): string =>
  status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';

/** What lies on such a machine beside: byte strings by path. */
export const machineFiles = (): Readonly<Record<string, string>> => ({
  '/var/lib/kubelet/config.yaml': ON_DISK,
  '/var/lib/kubelet/kubeadm-flags.env': 'KUBELET_KUBEADM_ARGS=""\n',
  '/var/lib/kubelet/pki/kubelet-client-current.pem': '',
  '/var/lib/kubelet/pki/kubelet.crt': '',
  '/var/lib/kubelet/pki/kubelet.key': '',
});
const ON_DISK = KUBELET_CONFIGURATION.replace(
  'containerRuntimeEndpoint: ""',
  'containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock',
);
const CNI = `${JSON.stringify(
  {
    name: 'k8s-pod-network',
    cniVersion: '0.3.1',
    plugins: [
      { type: 'calico', datastore_type: 'kubernetes', mtu: 0, ipam: { type: 'calico-ipam' }, policy: { type: 'k8s' } },
      { type: 'portmap', snat: true, capabilities: { portMappings: true } },
    ],
  },
  undefined,
  2,
)}\n`;

/** Lays the files out; those that are still to be written are empty. */
export function setUpMachine(store: Store, node: Node): void {
  const texts: Texts = { [KUBELET_CONFIG]: '', [`${PKI}/ca.crt`]: '', [`${CNI_CONFIGS}/10-calico.conflist`]: CNI };
  if (isControlPlane(node)) {
    const certificates = CONTROL_PLANE_NAMES.flatMap((name) => [`${PKI}/${name}.crt`, `${PKI}/${name}.key`]);
    for (const path of [...certificates, `${PKI}/ca.key`, `${PKI}/sa.key`, `${PKI}/sa.pub`]) texts[path] = '';
    for (const path of [ADMIN_CONFIG, ...CONFIGS.map((name) => `${FOLDER}/${name}.conf`)]) texts[path] = '';
    for (const pod of controlPlanePods(node.metadata.name, addressOf(node))) {
      texts[`${MANIFESTS}/${pod.metadata.name}.yaml`] = stringify(pod);
    }
  }
  putNodeFiles(store, node.metadata.name, texts);
}

const name = (commonName: string, ...organization: string[]): Name => ({
  country: [],
  organization,
  organizationalUnit: [],
  locality: [],
  province: [],
  street: [],
  postalCode: [],
  serialNumber: [],
  commonName: [commonName],
});

interface Subject {
  subject: Name;
  usages: string[];
  dnsNames?: string[];
  addresses?: string[];
  authority?: boolean;
}

const bytesOf = (address: string): Uint8Array => Uint8Array.from(address.split('.').map(Number));
const SIGNING = ['digital signature', 'key encipherment', 'cert sign'];
const LEAF = ['digital signature', 'key encipherment'];
const client = (commonName: string, ...organization: string[]): Subject => ({
  subject: name(commonName, ...organization),
  usages: [...LEAF, 'client auth'],
});
const server = (commonName: string, dnsNames: string[], addresses: string[], both = false): Subject => ({
  subject: name(commonName),
  usages: [...LEAF, 'server auth', ...(both ? ['client auth'] : [])],
  dnsNames,
  addresses,
});

class Writer {
  readonly texts: Texts = {};
  readonly #seed: string;
  readonly #now: number;

  constructor(seed: string, now: number) {
    this.#seed = seed;
    this.#now = now;
  }

  key(path: string): Key {
    return keyFrom(`${this.#seed} ${path}`);
  }

  certificate(path: string, key: Key, subject: Subject, by: CertificateSigner): string {
    const request = {
      subject: subject.subject,
      publicKey: key.publicKey,
      dnsNames: subject.dnsNames ?? [],
      emails: [],
      addresses: (subject.addresses ?? []).map(bytesOf),
      uris: [],
      signatureProblem: undefined,
    };
    const until = this.#now + (subject.authority ? AUTHORITY_MS : LEAF_MS);
    const serial = Buffer.from(`${path}        `).subarray(0, 8).toString('hex');
    const { usages, authority = false } = subject;
    return issue(request, by, { serial, from: this.#now, until: Math.min(until, by.until), usages, authority });
  }

  /** Certificate and key at a path under pki. */
  pair(path: string, subject: Subject, by: CertificateSigner): void {
    const key = this.key(path);
    this.texts[`${PKI}/${path}.crt`] = this.certificate(path, key, subject, by);
    this.texts[`${PKI}/${path}.key`] = key.privateText;
  }

  /** An authority of its own, which has signed itself. */
  authority(path: string, commonName: string): CertificateSigner {
    const key = this.key(path);
    const subject = { subject: name(commonName), usages: SIGNING, dnsNames: [commonName], authority: true };
    const signer: CertificateSigner = {
      ...unsignedCertificates,
      issuer: encodeName(subject.subject),
      sign: (bytes) => sign('sha256', bytes, key.privateKey),
    };
    this.texts[`${PKI}/${path}.crt`] = this.certificate(path, key, subject, signer);
    this.texts[`${PKI}/${path}.key`] = key.privateText;
    return signer;
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

function kubeconfig(address: string, ca: string, user: string, credentials: Record<string, string>): string {
  return stringify({
    apiVersion: 'v1',
    clusters: [
      {
        cluster: { 'certificate-authority-data': base64(ca), server: `https://${address}:6443` },
        name: 'kubernetes',
      },
    ],
    contexts: [{ context: { cluster: 'kubernetes', user }, name: `${user}@kubernetes` }],
    'current-context': `${user}@kubernetes`,
    kind: 'Config',
    users: [{ name: user, user: credentials }],
  });
}

interface Furnishing {
  signer: CertificateSigner;
  /** PEM of the cluster's authority. */
  caCertificate: string;
  now: number;
}

/** Writes what could not be written when the machine was set up. Files that somebody has changed since stay as they are. */
export function furnishMachine(store: Store, nodeName: string, furnishing: Furnishing): void {
  const before = nodeFiles(store, nodeName);
  const node = store.get<Node>('nodes', '', nodeName);
  if (before[KUBELET_CONFIG] !== '' || !node || furnishing.caCertificate === '') return;
  const empty = Object.entries(textsOf(store, node, furnishing)).filter(([path]) => before[path] === '');
  putNodeFiles(store, nodeName, { ...before, ...Object.fromEntries(empty) });
}

/** Makes certificates anew, with what belongs to them, by path. Authorities stay. */
export function renewCertificates(
  store: Store,
  nodeName: string,
  paths: readonly string[],
  furnishing: Furnishing,
): void {
  const node = store.get<Node>('nodes', '', nodeName);
  if (!node || furnishing.caCertificate === '') return;
  const wanted = new Set(paths.flatMap((path) => [path, path.replace(/\.crt$/, '.key')]));
  const made = Object.entries(textsOf(store, node, furnishing)).filter(([path]) => wanted.has(path));
  putNodeFiles(store, nodeName, { ...nodeFiles(store, nodeName), ...Object.fromEntries(made) });
}

/** All of it, as it is made at that time. */
function textsOf(store: Store, node: Node, { signer, caCertificate, now }: Furnishing): Texts {
  const nodeName = node.metadata.name;
  const owner = store.get<ConfigMap>('namespaces', '', 'kube-system')?.metadata.uid ?? '';
  const writer = new Writer(`${owner} ${nodeName}`, now);
  const { texts } = writer;
  const address = addressOf(node);
  const front = store.list<Node>('nodes').filter(isControlPlane).map(addressOf).concat(address)[0] as string;
  texts[`${PKI}/ca.crt`] = caCertificate;
  const current = '/var/lib/kubelet/pki/kubelet-client-current.pem';
  texts[KUBELET_CONFIG] = kubeconfig(front, caCertificate, `system:node:${nodeName}`, {
    'client-certificate': current,
    'client-key': current,
  });
  if (isControlPlane(node)) {
    const etcd = writer.authority('etcd/ca', 'etcd-ca');
    const proxy = writer.authority('front-proxy-ca', 'front-proxy-ca');
    const local = [address, '127.0.0.1'];
    const names = [
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
    ];
    writer.pair('apiserver', server('kube-apiserver', [nodeName, ...names], ['10.96.0.1', address]), signer);
    writer.pair('apiserver-kubelet-client', client('kube-apiserver-kubelet-client', 'kubeadm:cluster-admins'), signer);
    writer.pair('front-proxy-client', client('front-proxy-client'), proxy);
    writer.pair('apiserver-etcd-client', client('kube-apiserver-etcd-client'), etcd);
    writer.pair('etcd/healthcheck-client', client('kube-etcd-healthcheck-client'), etcd);
    for (const path of ['etcd/server', 'etcd/peer']) {
      writer.pair(path, server(nodeName, ['localhost', nodeName], local, true), etcd);
    }
    const accounts = writer.key('sa');
    texts[`${PKI}/sa.key`] = accounts.privateText;
    texts[`${PKI}/sa.pub`] = accounts.publicText;
    // the real one stays with whoever serves the cluster
    texts[`${PKI}/ca.key`] = writer.key('ca').privateText;
    const config = (file: string, user: string, ...groups: string[]) => {
      const key = writer.key(file);
      const certificate = writer.certificate(file, key, client(user, ...groups), signer);
      texts[`${FOLDER}/${file}.conf`] = kubeconfig(
        address,
        caCertificate,
        file === 'admin' ? 'kubernetes-admin' : user,
        {
          'client-certificate-data': base64(certificate),
          'client-key-data': base64(key.privateText),
        },
      );
    };
    config('admin', 'kubernetes-admin', 'kubeadm:cluster-admins');
    config('super-admin', 'kubernetes-super-admin', 'system:masters');
    config('controller-manager', 'system:kube-controller-manager');
    config('scheduler', 'system:kube-scheduler');
  }
  return texts;
}
