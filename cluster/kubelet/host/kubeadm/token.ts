/** kubeadm token: the secrets by which machines join. */
import { X509Certificate, createHash } from 'node:crypto';
import type { Secret } from '../../../api/types.ts';
import type { Client } from '../../../store/client.ts';
import { tabTable } from '../tab-table.ts';
import { humanDuration } from './certs.ts';
import { ADMIN, cluster, fail, out, refuse, type Command } from './command.ts';

const NAMESPACE = 'kube-system';
const PREFIX = 'bootstrap-token-';
const TYPE = 'bootstrap.kubernetes.io/token';
const GROUP = 'system:bootstrappers:kubeadm:default-node-token';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const decoded = ({ data }: Secret, key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');

function drawn({ context }: Command, length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(Math.floor(context.box.random() * ALPHABET.length))).join('');
}

/** `24h0m0s`; undefined: it is none. */
function duration(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = text.match(/\d+[smh]/g);
  if (parts === null || parts.join('') !== text) return undefined;
  return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.at(-1) ?? ''] ?? 0), 0);
}

export function caHash(pem: string): string {
  const spki = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(spki).digest('hex')}`;
}

function create(command: Command, client: Client): number {
  const { context, flags, args, machine } = command;
  const given = args[1] ?? `${drawn(command, 6)}.${drawn(command, 16)}`;
  const [, id = '', secret = ''] = TOKEN.exec(given) ?? [];
  if (id === '')
    return refuse(
      command,
      `the bootstrap token ${JSON.stringify(given)} was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
    );
  const ttl = duration(flags.get('ttl') ?? '24h');
  if (ttl === undefined)
    return refuse(
      command,
      `invalid argument ${JSON.stringify(flags.get('ttl'))} for "--ttl" flag: time: invalid duration ${JSON.stringify(flags.get('ttl'))}`,
    );
  if (client.get('secrets', NAMESPACE, PREFIX + id))
    return fail(command, `a token with id ${JSON.stringify(id)} already exists`);
  const expiration = new Date(context.box.now() + ttl).toISOString().replace(/\.\d+Z$/, 'Z');
  const data: Record<string, string> = {
    'auth-extra-groups': flags.get('groups') ?? GROUP,
    ...(ttl === 0 ? {} : { expiration }),
    'token-id': id,
    'token-secret': secret,
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'true',
    ...(flags.get('description') === undefined ? {} : { description: flags.get('description') ?? '' }),
  };
  client.create<Secret>('secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: PREFIX + id, namespace: NAMESPACE },
    type: TYPE,
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  });
  if (!flags.has('print-join-command')) {
    out(command, `${given}\n`);
    return 0;
  }
  const [, server = ''] = /server: https?:\/\/(\S+)/.exec(context.box.files.read(ADMIN)) ?? [];
  const hash = machine.authority === '' ? '' : `--discovery-token-ca-cert-hash ${caHash(machine.authority)} `;
  out(command, `kubeadm join ${server} --token ${given} ${hash}\n`);
  return 0;
}

const tokensOf = (client: Client): readonly Secret[] =>
  client.list<Secret>('secrets', NAMESPACE).filter(({ type }) => type === TYPE);

function list({ context, ...command }: Command, client: Client): number {
  const rows = tokensOf(client).map((secret) => {
    const expires = decoded(secret, 'expiration');
    const left = expires === '' ? '<forever>' : humanDuration(Date.parse(expires) - context.box.now());
    const usages = ['authentication', 'signing'].filter((one) => decoded(secret, `usage-bootstrap-${one}`) === 'true');
    return [
      `${decoded(secret, 'token-id')}.${decoded(secret, 'token-secret')}`,
      left,
      expires === '' ? '<never>' : expires,
      usages.join(',') || '<none>',
      decoded(secret, 'description') || '<none>',
      decoded(secret, 'auth-extra-groups') || '<none>',
    ];
  });
  const head = ['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'];
  if (rows.length > 0) out({ context, ...command }, tabTable([head, ...rows], 10, 3));
  return 0;
}

function remove(command: Command, client: Client): number {
  for (const word of command.args.slice(1)) {
    const id = TOKEN.exec(word)?.[1] ?? word;
    if (!client.get('secrets', NAMESPACE, PREFIX + id)) {
      return fail(
        command,
        `failed to delete bootstrap token ${JSON.stringify(id)}: secrets ${JSON.stringify(PREFIX + id)} not found`,
      );
    }
    client.delete('secrets', NAMESPACE, PREFIX + id);
    out(command, `bootstrap token ${JSON.stringify(id)} deleted\n`);
  }
  return 0;
}

export function token(command: Command): number {
  const [verb] = command.args;
  if (verb === 'generate') {
    out(command, `${drawn(command, 6)}.${drawn(command, 16)}\n`);
    return 0;
  }
  const client = cluster(command);
  if (typeof client === 'string') return fail(command, client);
  if (verb === 'create') return create(command, client);
  if (verb === 'list') return list(command, client);
  if (verb === 'delete') return remove(command, client);
  return refuse(command, 'missing subcommand; "token" is not meant to be run on its own');
}
