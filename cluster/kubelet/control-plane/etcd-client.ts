/** Whether etcd answers a client: where it listens, and which certificates it and the client show each other. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { FileError } from '../files/file-view.ts';
import type { Context } from '../shell/box.ts';

export interface ClientFlags {
  endpoints: string[];
  cacert: string;
  cert: string;
  key: string;
  /** `--insecure-skip-tls-verify` */
  unverified: boolean;
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const HANDSHAKE = 'transport: authentication handshake failed: tls: failed to verify certificate: x509: ';
const DIALLING = 'transport: Error while dialing: dial tcp';

/** @throws FileError */
const certificatesIn = (text: string): X509Certificate[] =>
  (text.match(PEM) ?? []).flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      // what is no certificate vouches for nobody
      return [];
    }
  });

const issuedBy = (leaf: X509Certificate, authorities: readonly X509Certificate[]): boolean =>
  authorities.some((authority) => leaf.issuer === authority.subject && leaf.verify(authority.publicKey));

/** What is wrong with the files named, in the client's words; found before anything is sent. */
export function fileProblem({ box, cwd }: Context, flags: ClientFlags): string | undefined {
  const read = (path: string): string => box.files.read(path.startsWith('/') ? path : `${cwd}/${path}`);
  const { cacert, cert, key } = flags;
  if ((cert === '') !== (key === '')) {
    return `KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`;
  }
  let at = '';
  try {
    if (cert !== '') {
      at = cert;
      const [leaf] = certificatesIn(read(cert));
      at = key;
      const keyText = read(key);
      if (!leaf) return 'tls: failed to find any PEM data in certificate input';
      if (!keyText.includes('PRIVATE KEY')) return 'tls: failed to find any PEM data in key input';
      if (!leaf.checkPrivateKey(createPrivateKey(keyText))) return 'tls: private key does not match public key';
    }
    at = cacert;
    if (cacert !== '' && certificatesIn(read(cacert)).length === 0) return 'x509: malformed tbs certificate';
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return `open ${at}: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  }
  return undefined;
}

const PKI = '/etc/kubernetes/pki';

/** Whether a client shows and trusts what kubeadm has made for the API server. */
export const isKubeadmsOwn = ({ cacert, cert, key }: Pick<ClientFlags, 'cacert' | 'cert' | 'key'>): boolean =>
  cacert === `${PKI}/etcd/ca.crt` &&
  cert === `${PKI}/apiserver-etcd-client.crt` &&
  key === `${PKI}/apiserver-etcd-client.key`;

/** Why no connection comes about with one endpoint; undefined: it does. */
export function connectionProblem(context: Context, flags: ClientFlags, endpoint: string): string | undefined {
  const { box } = context;
  const { hostname, port } = new URL(endpoint.includes('://') ? endpoint : `https://${endpoint}`);
  const address = hostname === 'localhost' ? '127.0.0.1' : hostname;
  const dialled = box.network.dial(address, Number(port || '2379'));
  if (dialled.kind === 'refused') return `${DIALLING} ${address}:${port}: connect: connection refused`;
  if (dialled.kind !== 'open') return `${DIALLING} ${address}:${port}: i/o timeout`;
  return certificateProblem(context, flags, endpoint);
}

/** What the client and etcd have against each other's certificates. */
export function certificateProblem(context: Context, flags: ClientFlags, endpoint: string): string | undefined {
  const { box, cwd } = context;
  const { etcd } = box.machine ?? {};
  const server = etcd?.server;
  if (!server) return undefined;
  const secured = endpoint.startsWith('https://') || flags.cacert !== '' || flags.cert !== '';
  if (!secured || endpoint.startsWith('http://')) return 'error reading server preface: EOF';
  const certificates = (path: string) =>
    path === '' ? [] : certificatesIn(box.files.read(path.startsWith('/') ? path : `${cwd}/${path}`));
  const [own] = certificatesIn(server.certificate);
  if (own && !flags.unverified && !issuedBy(own, certificates(flags.cacert))) {
    return `${HANDSHAKE}certificate signed by unknown authority`;
  }
  const [client] = certificates(flags.cert);
  if (!client) return 'error reading server preface: remote error: tls: certificate required';
  if (!issuedBy(client, certificatesIn(server.authority))) {
    return 'error reading server preface: remote error: tls: unknown certificate authority';
  }
  return undefined;
}
