/** etcd's client, as far as those who look after a cluster use it. Its words are etcdctl 3.6's. */
import { FileError } from '../files/file-view.ts';
import type { Context, EtcdData, EtcdDatabases, EtcdMember, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { connectionProblem, fileProblem, type ClientFlags } from './etcd-client.ts';
import { parseFlags, type Flags, type FlagSpec } from './flags.ts';
import { humanBytes, textTable } from './text-table.ts';

const VERSION = '3.6.6';
const STORAGE_VERSION = '3.6.0';
/** Exit codes. */
const FAILED = 1;
const BAD_FEATURE = 4;
const INTERRUPTED = 5;
const BAD_ARGUMENTS = 128;
/** Milliseconds that a command waits for a server. */
const TIMEOUT_MS = 5000;

const FLAGS: FlagSpec = {
  values: {
    endpoints: '127.0.0.1:2379',
    cacert: '',
    cert: '',
    key: '',
    'write-out': 'simple',
    'command-timeout': '5s',
    'dial-timeout': '2s',
    user: '',
    password: '',
    limit: '0',
    rev: '0',
    'sort-by': '',
    order: '',
    consistency: 'l',
  },
  switches: [
    'insecure-skip-tls-verify',
    'insecure-transport',
    'debug',
    'hex',
    'prefix',
    'from-key',
    'keys-only',
    'count-only',
    'print-value-only',
    'cluster',
    'help',
  ],
  short: { w: 'write-out', h: 'help' },
};

interface Command {
  context: Context;
  flags: Flags;
  client: ClientFlags;
  /** What follows the command's own words. */
  args: readonly string[];
  data: EtcdData;
  databases: EtcdDatabases;
  member: EtcdMember;
}

const out = ({ context }: Command, text: string) => context.io.stdout.write(text);
function fail({ io }: Context, message: string, code: number): number {
  io.stderr.write(`Error: ${message}\n`);
  return code;
}
const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, -1)}000Z`;
const decimal = (hex: string) => String(BigInt(`0x${hex}`));

function retryLine({ box }: Context, logger: string, endpoint: string, method: string, why: string): string {
  const target = `etcd-endpoints://0xc0003e41e0/${endpoint.replace(/^https?:\/\//, '')}`;
  const error = `rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = "${why}"`;
  const fields = {
    level: 'warn',
    ts: stamp(box.now()),
    logger,
    caller: 'v3@v3.6.6/retry_interceptor.go:65',
    msg: 'retrying of unary invoker failed',
    target,
    method,
    attempt: 0,
    error,
  };
  return `${JSON.stringify(fields)}\n`;
}

/** Asks the first endpoint; its answer is given at once, or none comes in time. */
function* connected(command: Command, method: string, then: () => number): Run {
  const { context, client } = command;
  const [endpoint = ''] = client.endpoints;
  const why = connectionProblem(context, client, endpoint);
  if (why === undefined) return then();
  yield { until: context.box.now() + TIMEOUT_MS };
  context.io.stderr.write(retryLine(context, 'etcd-client', endpoint, method, why));
  return fail(context, 'context deadline exceeded', FAILED);
}

function printMembers(command: Command): number {
  const { id, clusterId, name, peerUrl, clientUrl } = command.member;
  const row = [id, 'started', name, peerUrl, clientUrl, 'false'];
  const titles = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS'];
  switch (command.flags.values['write-out']) {
    case 'table':
      out(command, textTable([...titles, 'IS LEARNER'], [row]));
      return 0;
    case 'json':
      // numbers too large for JavaScript are written as they are
      out(
        command,
        `{"header":{"cluster_id":${decimal(clusterId)},"member_id":${decimal(id)},"raft_term":2},"members":[{"ID":${decimal(id)},"name":"${name}","peerURLs":["${peerUrl}"],"clientURLs":["${clientUrl}"]}]}\n`,
      );
      return 0;
    default:
      out(command, `${row.join(', ')}\n`);
      return 0;
  }
}

const sizeOf = ({ data }: Command): number => 1_500_000 + data.keys().length * 5000;

function statusRow(command: Command, endpoint: string): string[] {
  const size = sizeOf(command);
  const used = Math.floor(size * 0.6);
  const index = String(command.data.revision() + 500);
  const share = `${Math.floor((1 - used / size) * 100)}%`;
  return [
    endpoint,
    command.member.id,
    VERSION,
    STORAGE_VERSION,
    humanBytes(size),
    humanBytes(used),
    share,
    '0 B',
    'true',
    'false',
    '2',
    index,
    index,
    '',
    '',
    'false',
  ];
}
const STATUS_COLUMNS =
  'ENDPOINT,ID,VERSION,STORAGE VERSION,DB SIZE,IN USE,PERCENTAGE NOT IN USE,QUOTA,IS LEADER,IS LEARNER,RAFT TERM,RAFT INDEX,RAFT APPLIED INDEX,ERRORS,DOWNGRADE TARGET VERSION,DOWNGRADE ENABLED'.split(
    ',',
  );

const endpointsOf = ({ flags, client, member }: Command): string[] =>
  flags.on.has('cluster') ? [member.clientUrl] : client.endpoints;

function* endpointStatus(command: Command): Run {
  const endpoints = endpointsOf(command);
  return yield* connected(command, '/etcdserverpb.Maintenance/Status', () => {
    const rows = endpoints.map((endpoint) => statusRow(command, endpoint));
    if (command.flags.values['write-out'] === 'table') out(command, textTable(STATUS_COLUMNS, rows));
    else for (const row of rows) out(command, `${row.join(', ')}\n`);
    return 0;
  });
}

function* endpointHealth(command: Command): Run {
  const { context, client } = command;
  const rows: string[][] = [];
  for (const endpoint of endpointsOf(command)) {
    const took = `${(2 + context.box.random() * 10).toFixed(6)}ms`;
    const why = connectionProblem(context, client, endpoint);
    if (why === undefined) rows.push([endpoint, 'true', took, '']);
    else {
      yield { until: context.box.now() + TIMEOUT_MS };
      context.io.stderr.write(retryLine(context, 'client', endpoint, '/etcdserverpb.KV/Range', why));
      rows.push([endpoint, 'false', '5.000987ms', 'context deadline exceeded']);
    }
  }
  const sick = rows.some(([, health]) => health === 'false');
  if (command.flags.values['write-out'] === 'table') {
    out(command, textTable(['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], rows));
  } else {
    for (const [endpoint, health, took, error] of rows) {
      if (health === 'true') {
        out(command, `${endpoint} is healthy: successfully committed proposal: took = ${took}\n`);
      } else context.io.stderr.write(`${endpoint} is unhealthy: failed to commit proposal: ${error}\n`);
    }
  }
  return sick ? fail(context, 'unhealthy cluster', FAILED) : 0;
}

function* snapshotSave(command: Command): Run {
  const { context, client, args, databases } = command;
  const [path] = args;
  if (path === undefined || args.length > 1) {
    return fail(context, 'snapshot save expects one argument <filename>', BAD_ARGUMENTS);
  }
  const full = path.startsWith('/') ? path : `${context.cwd}/${path}`;
  const say = (fields: Record<string, unknown>) =>
    context.io.stderr.write(`${JSON.stringify({ level: 'info', ts: stamp(context.box.now()), ...fields })}\n`);
  const part = `${path}.part`;
  try {
    context.box.files.write(`${full}.part`, '', { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const why = `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
    return fail(context, `could not open ${part} (open ${part}: ${why})`, INTERRUPTED);
  }
  say({ caller: 'snapshot/v3_snapshot.go:83', msg: 'created temporary db file', path: part });
  const [endpoint = ''] = client.endpoints;
  // the real one waits for ever
  if (connectionProblem(context, client, endpoint) !== undefined) yield { until: Infinity, event: true };
  say({
    logger: 'client',
    caller: 'v3@v3.6.6/maintenance.go:236',
    msg: 'opened snapshot stream; downloading',
  });
  say({ caller: 'snapshot/v3_snapshot.go:96', msg: 'fetching snapshot', endpoint });
  say({ logger: 'client', caller: 'v3@v3.6.6/maintenance.go:302', msg: 'completed snapshot read; closing' });
  const bytes = databases.save();
  context.box.files.write(`${full}.part`, bytes);
  context.box.files.rename(`${full}.part`, full);
  say({
    caller: 'snapshot/v3_snapshot.go:111',
    msg: 'fetched snapshot',
    endpoint,
    size: humanBytes(bytes.length),
    took: '114.929417ms',
    'etcd-version': STORAGE_VERSION,
  });
  say({ caller: 'snapshot/v3_snapshot.go:121', msg: 'saved', path });
  out(command, `Snapshot saved at ${path}\nServer version ${STORAGE_VERSION}\n`);
  return 0;
}

function* get(command: Command): Run {
  const { context, args, data, flags } = command;
  const [key, end] = args;
  if (key === undefined || args.length > 2) {
    return fail(context, 'get command needs one argument as key and an optional argument as range_end', BAD_ARGUMENTS);
  }
  const { on } = flags;
  if (on.has('count-only') && flags.values['write-out'] !== 'fields') {
    return fail(context, '--count-only is only for `--write-out=fields`', BAD_ARGUMENTS);
  }
  return yield* connected(command, '/etcdserverpb.KV/Range', () => {
    const limit = Number(flags.values['limit']) || Infinity;
    const all = data
      .keys()
      .filter((one) =>
        on.has('prefix') ? one.startsWith(key) : end === undefined ? one === key : one >= key && one < end,
      );
    if (flags.values['write-out'] === 'fields') {
      const { clusterId, id } = command.member;
      const head = `"ClusterID" : ${decimal(clusterId)}\n"MemberID" : ${decimal(id)}\n"Revision" : ${data.revision()}\n"RaftTerm" : 2\n`;
      out(command, `${head}"More" : false\n"Count" : ${all.length}\n`);
      return 0;
    }
    for (const one of all.slice(0, limit)) {
      if (!on.has('print-value-only')) out(command, `${one}\n`);
      out(command, on.has('keys-only') ? '\n' : `${data.value(one) ?? ''}\n`);
    }
    return 0;
  });
}

const COMMANDS: Readonly<Record<string, (command: Command) => Run>> = {
  'member list': function* list(command) {
    if (!['simple', 'table', 'json', 'fields'].includes(command.flags.values['write-out'] ?? '')) {
      return fail(command.context, 'unsupported output format', BAD_FEATURE);
    }
    return yield* connected(command, '/etcdserverpb.Cluster/MemberList', () => printMembers(command));
  },
  'endpoint health': endpointHealth,
  'endpoint status': endpointStatus,
  'snapshot save': snapshotSave,
  get,
  'alarm list': (command) => connected(command, '/etcdserverpb.Maintenance/Alarm', () => 0),
  defrag: (command) =>
    connected(command, '/etcdserverpb.Maintenance/Defragment', () => {
      for (const endpoint of endpointsOf(command)) {
        out(command, `Finished defragmenting etcd member[${endpoint}]. took 130.998385ms\n`);
      }
      return 0;
    }),
};

/** A command of which only the first word was given, or with a second word that there is not: its help. */
const GROUPS: Readonly<Record<string, string>> = {
  member: 'Membership related commands',
  endpoint: 'Endpoint related commands',
  snapshot: 'Manages etcd node snapshots',
  alarm: 'Alarm related commands',
};

export const etcdctl: Program = function* run(context) {
  const { argv, io, box, env } = context;
  const flags = parseFlags(argv.slice(1), FLAGS);
  if (flags.problem !== undefined) return fail(context, `${flags.problem}\n`, FAILED);
  for (const name of ['endpoints', 'cacert', 'cert', 'key', 'user']) {
    const given = env.get(`ETCDCTL_${name.toUpperCase()}`);
    if (given !== undefined && flags.values[name] === FLAGS.values[name]) flags.values[name] = given;
  }
  const [first = '', second = ''] = flags.words;
  if (first === 'version') {
    io.stdout.write(`etcdctl version: ${VERSION}\nAPI version: 3.6\n`);
    return 0;
  }
  if (first === '') {
    io.stdout.write('NAME:\n  etcdctl - A simple command line client for etcd3.\n\nUSAGE:\n  etcdctl [flags]\n');
    return 0;
  }
  const double = COMMANDS[`${first} ${second}`];
  const command = double ?? COMMANDS[first];
  if (!command) {
    const about = GROUPS[first];
    if (about === undefined) {
      return fail(context, `unknown command "${first}" for "etcdctl"\nRun 'etcdctl --help' for usage.`, FAILED);
    }
    io.stdout.write(
      `NAME:\n  ${first} - ${about}\n\nUSAGE:\n  etcdctl ${first} <subcommand> [flags]\n\nAPI VERSION:\n  3.6\n`,
    );
    return 0;
  }
  const { values } = flags;
  const client: ClientFlags = {
    endpoints: (values['endpoints'] ?? '').split(','),
    cacert: values['cacert'] ?? '',
    cert: values['cert'] ?? '',
    key: values['key'] ?? '',
    unverified: flags.on.has('insecure-skip-tls-verify'),
  };
  const problem = fileProblem(context, client);
  if (problem !== undefined) return fail(context, problem, BAD_ARGUMENTS);
  const { etcd } = box.machine ?? {};
  if (!etcd) {
    // nobody is there to ask: the same as an endpoint where nothing listens
    yield { until: box.now() + TIMEOUT_MS };
    return fail(context, 'context deadline exceeded', FAILED);
  }
  const { data, databases, member } = etcd;
  const args = flags.words.slice(double ? 2 : 1);
  return yield* command({ context, flags, client, args, data, databases, member });
};
