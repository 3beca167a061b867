/** etcd as a program: what it finds wrong when it starts, which data it serves, and where. Its words are 3.6's. */
import { httpServer, plain } from '../daemons/http-server.ts';
import { untilSignal } from '../daemons/serve.ts';
import { FileError } from '../files/file-view.ts';
import type { Context, Program, Server } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { isTruthFlag, isEtcdFlag } from './etcd-flags.ts';

const USAGE = `Usage:

  etcd [flags]
    Start an etcd server.

  etcd --version
    Show the version of etcd.

  etcd -h | --help
    Show the help information about etcd.

  etcd --config-file
    Path to the server configuration file. Note that if a configuration file is provided, other command line flags and environment variables will be ignored.

  etcd gateway
    Run the stateless pass-through etcd TCP connection forwarding proxy.

  etcd grpc-proxy
    Run the stateless etcd v3 gRPC L7 reverse proxy.

`;
const PEER_PORT = 2380;
const CLIENT_PORT = 2379;
const BAD_COMMAND_LINE = 2;

/** Values by name; or what Go's flag package says of the first bad one. */
export function readEtcdFlags(args: readonly string[]): ReadonlyMap<string, string> | string {
  const values = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (!/^--?[^-]/.test(word)) break;
    const bare = word.replace(/^--?/, '');
    const equals = bare.indexOf('=');
    const name = equals === -1 ? bare : bare.slice(0, equals);
    if (!isEtcdFlag(name)) return `flag provided but not defined: -${name}`;
    let value = equals === -1 ? undefined : bare.slice(equals + 1);
    if (isTruthFlag(name)) {
      value ??= 'true';
      if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)) {
        return `invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`;
      }
    }
    value ??= args[++at];
    if (value === undefined) return `flag needs an argument: -${name}`;
    values.set(name, value);
  }
  return values;
}

const TLS_FILES = [
  'peer-cert-file',
  'peer-key-file',
  'peer-trusted-ca-file',
  'cert-file',
  'key-file',
  'trusted-ca-file',
] as const;

const portOf = (url: string, otherwise: number): number => Number(/:(\d+)\/?$/.exec(url)?.[1] ?? otherwise);
const urlsOf = (text: string | undefined): string[] => (text ?? '').split(',').filter((url) => url !== '');

/** Writes a line of its log. */
type Say = (level: string, caller: string, msg: string, fields?: Record<string, unknown>) => void;

/** Its data folder, with the state of the cluster that lies in it. Returns the exit code where it can't be used. */
function openData({ box }: Context, folder: string, say: Say): number | undefined {
  const databases = box.machine?.etcd?.databases;
  const { files } = box;
  const path = `${folder}/member/snap/db`;
  const isNew = files.find(`${folder}/member`) === undefined;
  if (isNew) {
    say('info', 'etcdmain/etcd.go:127', 'Initialize and start etcd server', {
      'data-dir': folder,
      'dir-type': 'empty',
    });
  } else {
    const fields = { 'data-dir': folder, 'dir-type': 'member' };
    say('info', 'etcdmain/etcd.go:111', 'server has already been initialized', fields);
  }
  try {
    const before = files.find(path) === undefined ? undefined : files.read(path);
    const opened = databases?.open(before) ?? { file: before ?? '' };
    if ('problem' in opened) {
      say('panic', 'backend/backend.go:203', 'failed to open database', { path, error: opened.problem });
      return BAD_COMMAND_LINE;
    }
    if (opened.file === before) return undefined;
    for (const part of ['snap', 'wal']) {
      files.makeFolder(`${folder}/member/${part}`, { parents: true, mode: 0o700 });
    }
    files.write(path, opened.file, { mode: 0o600 });
    if (isNew) files.write(`${folder}/member/wal/0000000000000000-0000000000000000.wal`, '', { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const why = `cannot access data directory: ${error.message.toLowerCase()}`;
    say('fatal', 'etcdmain/etcd.go:183', 'discovery failed', { error: why });
    return 1;
  }
  return undefined;
}

export const etcdServer = (version: string): Program =>
  function* run(context): Run {
    const { box, io, argv } = context;
    if (argv.includes('--version')) {
      io.stdout.write(`etcd Version: ${version}\nGit SHA: d2809cf\nGo Version: go1.24.10\nGo OS/Arch: linux/amd64\n`);
      return 0;
    }
    const say: Say = (level, caller, msg, fields = {}) => {
      const ts = new Date(box.now()).toISOString().replace('Z', '000Z');
      io.stderr.write(`${JSON.stringify({ level, ts, caller, msg, ...fields })}\n`);
    };
    const values = readEtcdFlags(argv.slice(1));
    if (typeof values === 'string') {
      io.stderr.write(`${values}\n${USAGE}`);
      return BAD_COMMAND_LINE;
    }
    say('info', 'etcdmain/etcd.go:64', 'Running: ', { args: argv });
    const missing = TLS_FILES.map((flag) => values.get(flag) ?? '').find((path) => path && !box.files.find(path));
    if (missing !== undefined) {
      const error = `open ${missing}: no such file or directory`;
      say('fatal', 'etcdmain/etcd.go:183', 'discovery failed', { error });
      return 1;
    }
    const name = values.get('name') ?? 'default';
    const failed = openData(context, values.get('data-dir') ?? `${name}.etcd`, say);
    if (failed !== undefined) return failed;
    const clients = urlsOf(values.get('listen-client-urls') ?? 'http://localhost:2379');
    const peers = urlsOf(values.get('listen-peer-urls') ?? 'http://localhost:2380');
    say('info', 'embed/etcd.go:138', 'configuring peer listeners', { 'listen-peer-urls': peers });
    say('info', 'embed/etcd.go:146', 'configuring client listeners', { 'listen-client-urls': clients });
    say('info', 'etcdserver/server.go:2146', 'published local member to cluster through raft', {
      'local-member-attributes': `{Name:${name} ClientURLs:[${clients.join(',')}]}`,
    });
    for (const url of clients) {
      const fields = { traffic: 'grpc+http', address: url.replace(/^https?:\/\//, '') };
      if (url.startsWith('https:')) say('info', 'embed/serve.go:283', 'serving client traffic securely', fields);
      else
        say('info', 'embed/serve.go:210', 'serving client traffic insecurely; this is strongly discouraged!', fields);
    }
    listen(context, { version, clients, peers, metrics: urlsOf(values.get('listen-metrics-urls')) });
    return yield* untilSignal(context, (signal) => {
      if (signal !== 'TERM' && signal !== 'INT') return undefined;
      const word = signal === 'TERM' ? 'terminated' : 'interrupt';
      say('info', 'osutil/interrupt_unix.go:65', 'received signal; shutting down', { signal: word });
      return 0;
    });
  };

const HEALTHY = '{"health":"true","reason":""}';
const HEALTH = new Set(['/health', '/readyz', '/livez']);

function listen(
  { box }: Context,
  { version, clients, peers, metrics }: { version: string; clients: string[]; peers: string[]; metrics: string[] },
): void {
  const now = () => box.now();
  const client = httpServer({
    style: 'go',
    now,
    respond: ({ path }) => {
      if (HEALTH.has(path)) return plain(HEALTHY);
      if (path !== '/version') return plain('404 page not found\n', 404);
      return plain(`{"etcdserver":"${version}","etcdcluster":"${version.replace(/\.\d+$/, '.0')}"}`);
    },
  });
  const health = httpServer({ style: 'go', now, respond: () => plain(HEALTHY) });
  const peer: Server = () => ({ closed: false, say: () => '' });
  for (const url of clients) box.listen(portOf(url, CLIENT_PORT), client);
  for (const url of metrics) box.listen(portOf(url, 2381), health);
  for (const url of peers) box.listen(portOf(url, PEER_PORT), peer);
}
