/** What an API server finds wrong with its flags and the files they name before it does anything, in 1.35's words, recorded from the real one. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Box } from '../shell/box.ts';

export interface LastWords {
  text: string;
  code: number;
}

type Values = ReadonlyMap<string, string>;

const MODES = new Set(['ABAC', 'AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC', 'Webhook']);
const PLUGINS = new Set(
  'AlwaysAdmit AlwaysDeny AlwaysPullImages CertificateApproval CertificateSigning CertificateSubjectRestriction ClusterTrustBundleAttest DefaultIngressClass DefaultStorageClass DefaultTolerationSeconds DenyServiceExternalIPs EventRateLimit ExtendedResourceToleration ImagePolicyWebhook LimitPodHardAntiAffinityTopology LimitRanger MutatingAdmissionPolicy MutatingAdmissionWebhook NamespaceAutoProvision NamespaceExists NamespaceLifecycle NodeDeclaredFeatureValidator NodeRestriction OwnerReferencesPermissionEnforcement PersistentVolumeClaimResize PodNodeSelector PodSecurity PodTolerationRestriction PodTopologyLabels Priority ResourceQuota RuntimeClass ServiceAccount StorageObjectInUseProtection TaintNodesByCondition ValidatingAdmissionPolicy ValidatingAdmissionWebhook'.split(
    ' ',
  ),
);
const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-fA-F:]+\/\d{1,3}$/;
const HIGHEST_PORT = 65_535;
/** Where kubeadm puts the pair that the server shows: what is there belongs together. */
const OWN_PAIR = '/etc/kubernetes/pki/apiserver';

const words = (value: string | undefined): string[] => (value ?? '').split(',').filter((word) => word !== '');

/** A value that is none, whatever the files are. */
function valueProblem(values: Values): string | undefined {
  const mode = words(values.get('authorization-mode')).find((one) => !MODES.has(one));
  if (mode !== undefined) return `authorization-mode ${JSON.stringify(mode)} is not a valid mode`;
  for (const flag of ['enable-admission-plugins', 'disable-admission-plugins']) {
    const plugin = words(values.get(flag)).find((one) => !PLUGINS.has(one));
    if (plugin !== undefined) return `${flag} plugin ${JSON.stringify(plugin)} is unknown`;
  }
  const range = words(values.get('service-cluster-ip-range')).findIndex((one) => !CIDR.test(one));
  if (range >= 0) return `service-cluster-ip-range[${range}] is not a valid cidr`;
  const port = Number(values.get('secure-port') ?? '6443');
  if (port < 1 || port > HIGHEST_PORT) {
    return `--secure-port ${port} must be between 1 and 65535, inclusive. It cannot be turned off with 0`;
  }
  if (values.get('service-account-issuer') === '') return 'service-account-issuer should not be an empty string';
  return undefined;
}

/** Flags that name a file which is read before the server serves, and what is said when it can't be. */
const FILES: readonly (readonly [flag: string, said: (path: string, why: string) => string])[] = [
  ['tls-cert-file', (_path, why) => why],
  ['tls-private-key-file', (_path, why) => why],
  ['client-ca-file', (_path, why) => why],
  ['requestheader-client-ca-file', (_path, why) => why],
  ['service-account-key-file', (_path, why) => why],
  ['service-account-signing-key-file', (_path, why) => `failed to parse service-account-issuer-key-file: ${why}`],
  ['token-auth-file', (_path, why) => why],
  [
    'audit-policy-file',
    (path, why) => `loading audit policy file: failed to read file path ${JSON.stringify(path)}: ${why}`,
  ],
  [
    'encryption-provider-config',
    (path, why) =>
      `error while parsing file: error while loading file: error reading encryption provider configuration file ${JSON.stringify(path)}: ${why}`,
  ],
  [
    'admission-control-config-file',
    (path, why) =>
      `failed to apply admission: failed to read plugin config: unable to read admission control configuration from ${JSON.stringify(path)} [${why}]`,
  ],
];
const AUTHORITIES: Readonly<Record<string, string>> = {
  'client-ca-file': 'client-ca-bundle',
  'requestheader-client-ca-file': 'request-header',
};

const missing = (box: Box, path: string): string | undefined =>
  box.files.find(path) ? undefined : `open ${path}: no such file or directory`;

function fileProblem(box: Box, values: Values): string | undefined {
  for (const [flag, said] of FILES) {
    const path = values.get(flag);
    if (path === undefined || path === '') continue;
    const why = missing(box, path);
    if (why !== undefined) return said(path, why);
    const authority = AUTHORITIES[flag];
    // what kubeadm has still to write is empty
    const text = authority === undefined ? '' : box.files.read(path);
    if (text !== '' && !text.includes('BEGIN CERTIFICATE')) {
      return `error loading CA bundle for "${authority}::${path}": data does not contain any valid RSA or ECDSA certificates`;
    }
  }
  return pairProblem(box, values);
}

function pairProblem(box: Box, values: Values): string | undefined {
  const [certificate = '', key = ''] = [values.get('tls-cert-file'), values.get('tls-private-key-file')];
  if (certificate === '' || key === '') return undefined;
  if (certificate === `${OWN_PAIR}.crt` && key === `${OWN_PAIR}.key`) return undefined;
  const [text, keyText] = [box.files.read(certificate), box.files.read(key)];
  if (!text.includes('BEGIN CERTIFICATE')) return 'tls: failed to find any PEM data in certificate input';
  if (!keyText.includes('PRIVATE KEY')) return 'tls: failed to find any PEM data in key input';
  try {
    if (new X509Certificate(text).checkPrivateKey(createPrivateKey(keyText))) return undefined;
  } catch {
    // whatever lies between the lines of the PEM: no pair
    return 'x509: malformed certificate';
  }
  return 'tls: private key does not match public key';
}

/** Why it ends at once; undefined: it goes on to etcd. */
export function apiServerProblem(box: Box, values: Values): string | undefined {
  return valueProblem(values) ?? fileProblem(box, values);
}

/** Files that the client of etcd needs, found missing when it is made. */
export function etcdFileProblem(box: Box, values: Values): string | undefined {
  const [cert = '', key = ''] = [values.get('etcd-certfile'), values.get('etcd-keyfile')];
  if ((cert === '') !== (key === '')) return `KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`;
  for (const flag of ['etcd-certfile', 'etcd-keyfile', 'etcd-cafile']) {
    const path = values.get(flag) ?? '';
    const why = path === '' ? undefined : missing(box, path);
    if (why !== undefined) return why;
  }
  return undefined;
}
