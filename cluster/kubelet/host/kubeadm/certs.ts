/** kubeadm certs: when the machine's certificates expire, and renewing them. */
import { X509Certificate } from 'node:crypto';
import type { Box } from '../../shell/box.ts';
import { tabTable } from '../tab-table.ts';
import { cluster, out, reading, refuse, type Command } from './command.ts';

const FOLDER = '/etc/kubernetes';

interface Certificate {
  name: string;
  authority: string;
  /** What it is for, after `certificate `. */
  about: string;
  path: string;
}

const leaf = (name: string, file: string, authority: string, about: string): Certificate => ({
  name,
  authority,
  about: `certificate ${about}`,
  path: `${FOLDER}/${file}`,
});

const CERTIFICATES: readonly Certificate[] = [
  leaf('admin.conf', 'admin.conf', 'ca', 'embedded in the kubeconfig file for the admin to use and for kubeadm itself'),
  leaf('apiserver', 'pki/apiserver.crt', 'ca', 'for serving the Kubernetes API'),
  leaf('apiserver-etcd-client', 'pki/apiserver-etcd-client.crt', 'etcd-ca', 'the apiserver uses to access etcd'),
  leaf(
    'apiserver-kubelet-client',
    'pki/apiserver-kubelet-client.crt',
    'ca',
    'for the API server to connect to kubelet',
  ),
  leaf(
    'controller-manager.conf',
    'controller-manager.conf',
    'ca',
    'embedded in the kubeconfig file for the controller manager to use',
  ),
  leaf(
    'etcd-healthcheck-client',
    'pki/etcd/healthcheck-client.crt',
    'etcd-ca',
    'for liveness probes to healthcheck etcd',
  ),
  leaf('etcd-peer', 'pki/etcd/peer.crt', 'etcd-ca', 'for etcd nodes to communicate with each other'),
  leaf('etcd-server', 'pki/etcd/server.crt', 'etcd-ca', 'for serving etcd'),
  leaf('front-proxy-client', 'pki/front-proxy-client.crt', 'front-proxy-ca', 'for the front proxy client'),
  leaf('scheduler.conf', 'scheduler.conf', 'ca', 'embedded in the kubeconfig file for the scheduler manager to use'),
  leaf('super-admin.conf', 'super-admin.conf', 'ca', 'embedded in the kubeconfig file for the super-admin'),
];
const AUTHORITIES = [
  ['ca', 'pki/ca.crt'],
  ['etcd-ca', 'pki/etcd/ca.crt'],
  ['front-proxy-ca', 'pki/front-proxy-ca.crt'],
] as const;

/** Milliseconds since 1970 at which it expires; undefined: there is none. */
function expiry({ files }: Box, path: string): number | undefined {
  if (files.find(path)?.kind !== 'file') return undefined;
  const text = files.read(path);
  const [, data] = /client-certificate-data: (\S+)/.exec(text) ?? [];
  try {
    return Date.parse(new X509Certificate(data === undefined ? text : Buffer.from(data, 'base64')).validTo);
  } catch {
    // no certificate in it: as good as none
    return undefined;
  }
}

/** `364d`, `9y`: as apimachinery's HumanDuration says such times. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 0) return '<invalid>';
  const hours = Math.floor(seconds / 3600);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${seconds}s`;
  if (hours < 3) return `${Math.floor(seconds / 60)}m`;
  if (hours < 48)
    return hours < 8
      ? `${hours}h${Math.floor((seconds % 3600) / 60) || ''}${seconds % 3600 >= 60 ? 'm' : ''}`
      : `${hours}h`;
  if (days < 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 && days % 365 > 0 ? `${years}y${days % 365}d` : `${years}y`;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
function dateText(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(8, 10)}, ${iso.slice(0, 4)} ${iso.slice(11, 16)} UTC`;
}

function checkExpiration(command: Command): number {
  const { box } = command.context;
  const client = cluster(command);
  if (typeof client === 'string') {
    out(
      command,
      '[check-expiration] Error reading configuration from the Cluster. Falling back to default configuration\n\n',
    );
  } else {
    reading(command, 'check-expiration');
    out(command, '\n');
  }
  const row = (name: string, path: string, rest: (ms: number) => string[], blanks: number): string[] => {
    const at = expiry(box, path);
    return at === undefined
      ? [`!MISSING! ${name}`, ...Array.from({ length: blanks }, () => '')]
      : [name, dateText(at), ...rest(at)];
  };
  const left = (at: number) => humanDuration(at - box.now());
  const no = 'no'.padEnd(8);
  const leaves = CERTIFICATES.map(({ name, authority, path }) => row(name, path, (at) => [left(at), authority, no], 4));
  const authorities = AUTHORITIES.map(([name, path]) => row(name, `${FOLDER}/${path}`, (at) => [left(at), no], 3));
  const head = ['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED'];
  out(command, tabTable([head, ...leaves], 10, 3));
  const second = ['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'];
  out(command, `\n${tabTable([second, ...authorities], 10, 3)}`);
  return 0;
}

function renew(command: Command): number {
  const [, name = ''] = command.args;
  const chosen = name === 'all' ? CERTIFICATES : CERTIFICATES.filter((one) => one.name === name);
  if (chosen.length === 0) {
    return refuse(
      command,
      name === ''
        ? 'missing subcommand; "renew" is not meant to be run on its own'
        : `unknown command ${JSON.stringify(name)} for "kubeadm certs renew"`,
    );
  }
  if (typeof cluster(command) === 'string') {
    out(command, '[renew] Error reading configuration from the Cluster. Falling back to default configuration\n\n');
  } else {
    reading(command, 'renew');
    out(command, '\n');
  }
  const there = chosen.filter(({ path }) => command.context.box.files.find(path));
  command.machine.renew(there.map(({ path }) => path));
  for (const certificate of chosen) {
    out(command, there.includes(certificate) ? `${certificate.about} renewed\n` : `MISSING! ${certificate.about}\n`);
  }
  if (name === 'all') {
    out(
      command,
      '\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.\n',
    );
  }
  return 0;
}

export function certs(command: Command): number {
  const [verb] = command.args;
  if (verb === 'check-expiration') return checkExpiration(command);
  if (verb === 'renew') return renew(command);
  return refuse(command, 'missing subcommand; "certs" is not meant to be run on its own');
}
