/** redis-server: keeps keys, tells its replicas, saves them in its folder. */
import { formatDate } from '../../commands/date.ts';
import { resolveNow } from '../../commands/resolve.ts';
import { normalisePath } from '../../files/file-view.ts';
import type { Box, Context, Program, Server } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { store, textOf, untilSignal } from '../serve.ts';
import { Keys, isWrite, type Entry } from './keys.ts';
import {
  bulk,
  bulks,
  command,
  decode,
  encode,
  error,
  integer,
  OK,
  splitWords,
  status,
  type Reply,
} from './protocol.ts';

const HEADER = 'REDIS0012\n';
/** What CONFIG GET says when nothing else was configured. */
const DEFAULTS: Readonly<Record<string, string>> = {
  appendonly: 'no',
  bind: '* -::*',
  daemonize: 'no',
  databases: '16',
  dbfilename: 'dump.rdb',
  dir: '/data',
  loglevel: 'notice',
  maxclients: '10000',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  'maxmemory-samples': '5',
  port: '6379',
  'protected-mode': 'no',
  replicaof: '',
  requirepass: '',
  masterauth: '',
  save: '3600 1 300 100 60 10000',
  tcpkeepalive: '300',
  'tcp-keepalive': '300',
  timeout: '0',
};
/** Others that a configuration may set and that change nothing here. */
const ACCEPTED =
  /^(appendfsync|appendfilename|appenddirname|auto-aof-.*|aof-.*|always-show-logo|cluster-.*|client-.*|dynamic-hz|hash-.*|hz|include|io-threads.*|jemalloc-.*|latency-.*|lazyfree-.*|list-.*|lfu-.*|logfile|lua-.*|loadmodule|locale-.*|maxmemory-.*|min-replicas-.*|notify-.*|no-appendfsync-.*|oom-.*|pidfile|proc-title-.*|rdb.*|rename-command|repl-.*|replica-.*|set-.*|slave.*|slowlog-.*|stop-.*|stream-.*|syslog-.*|tcp-backlog|tls-.*|tracking-.*|unixsocket.*|user|zset-.*|active.*|disable-thp|supervised|aclfile|acllog-.*|acl-.*|shutdown-.*|crash-.*|enable-.*|set-proc-title|busy-reply-threshold|close-on-.*|replicaof|slaveof)$/;
const POLICIES = [
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'noeviction',
];

/** `2mb` in bytes. */
function bytesOf(text: string): number | undefined {
  const match = /^(\d+)(k|kb|m|mb|g|gb|b)?$/i.exec(text);
  if (match === null) return undefined;
  const scale = { k: 1e3, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3, b: 1 };
  return Number(match[1]) * (scale[(match[2]?.toLowerCase() ?? 'b') as keyof typeof scale] ?? 1);
}

/** Sets one option; a sentence when it can't be. */
function configure(settings: Map<string, string>, name: string, value: string): string | undefined {
  const key = name.toLowerCase();
  if (key === 'slaveof' || key === 'replicaof') settings.set('replicaof', value === 'no one' ? '' : value);
  else if (key === 'maxmemory') {
    const bytes = bytesOf(value);
    if (bytes === undefined) return 'argument must be a memory value';
    settings.set(key, String(bytes));
  } else if (key === 'maxmemory-policy' && !POLICIES.includes(value))
    return `argument(s) must be one of the following: ${POLICIES.join(', ')}`;
  else if ((key === 'appendonly' || key === 'protected-mode' || key === 'daemonize') && !/^(yes|no)$/.test(value))
    return "argument must be 'yes' or 'no'";
  else if (key === 'port' && !/^\d+$/.test(value)) return "argument couldn't be parsed into an integer";
  else if (key in DEFAULTS || ACCEPTED.test(key)) settings.set(key, value);
  else return 'Bad directive or wrong number of arguments';
  return undefined;
}

interface Loaded {
  settings: Map<string, string>;
  file: string | undefined;
}
/** Options from a file and the command line; or the sentences it ends with. */
function load(box: Box, argv: readonly string[], cwd: string, version: string): Loaded | string {
  const settings = new Map(Object.entries({ ...DEFAULTS, dir: cwd }));
  const words = argv.slice(1);
  const file = words[0] !== undefined && !words[0].startsWith('-') ? words.shift() : undefined;
  const fatal = (line: number, text: string, why: string) =>
    `\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\nReading the configuration file, at line ${line}\n>>> '${text}'\n${why}\n`;
  const lines: string[] = [];
  if (file !== undefined) {
    const text = textOf(box, normalisePath(file, cwd));
    if (text === undefined)
      return `1:C ${formatDate(box.now(), '%d %b %Y %H:%M:%S.000')} # Fatal error, can't open config file '${normalisePath(file, cwd)}': No such file or directory\n`;
    lines.push(...text.split('\n'));
  }
  let option: string[] = [];
  const flush = () => {
    if (option.length > 0) lines.push(option.join(' '));
    option = [];
  };
  for (const word of words) {
    if (word.startsWith('--')) {
      flush();
      option = [word.slice(2)];
    } else option.push(word === '' ? '""' : /\s/.test(word) ? `"${word}"` : word);
  }
  flush();
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parts = splitWords(line);
    const [name = '', ...values] = parts ?? [];
    if (parts === undefined) return fatal(index + 1, line, 'Unbalanced quotes in configuration line');
    const known = name.toLowerCase() in DEFAULTS || ACCEPTED.test(name.toLowerCase());
    const why =
      !known || values.length === 0
        ? 'Bad directive or wrong number of arguments'
        : configure(settings, name, values.join(' '));
    if (why !== undefined) return fatal(index + 1, line, why);
  }
  return { settings, file };
}

class RedisServer {
  readonly #context: Context;
  readonly #settings: Map<string, string>;
  readonly #version: string;
  #keys: Keys;
  #wasUp = false;

  constructor(context: Context, settings: Map<string, string>, version: string) {
    this.#context = context;
    this.#settings = settings;
    this.#version = version;
    this.#keys = new Keys(() => context.box.now(), this.#saved());
  }
  #setting(name: string): string {
    return this.#settings.get(name) ?? '';
  }
  get #dump(): string {
    return `${this.#setting('dir').replace(/\/$/, '')}/${this.#setting('dbfilename')}`;
  }
  #saved(): [string, Entry][] {
    const text = textOf(this.#context.box, this.#dump);
    return text?.startsWith(HEADER) ? (JSON.parse(text.slice(HEADER.length)) as [string, Entry][]) : [];
  }
  /** Real servers save every so often and when they stop; here it is after each change, so that a copy of a cluster has the keys. */
  save(always = false): void {
    const asked = this.#setting('save') !== '' || this.#setting('appendonly') === 'yes';
    if (this.#keys.changes === 0 || !(asked || always)) return;
    this.#keys.changes = 0;
    store(this.#context.box, this.#dump, HEADER + JSON.stringify([...this.#keys.entries]));
  }
  log(text: string, level = '*', role = this.#setting('replicaof') === '' ? 'M' : 'S'): void {
    const { box, io } = this.#context;
    io.stdout.write(`1:${role} ${formatDate(box.now(), '%d %b %Y %H:%M:%S.000')} ${level} ${text}\n`);
  }
  get port(): number {
    return Number(this.#setting('port'));
  }

  /** A replica asks its leader for what is new; what it had stays when nobody answers. */
  follow(): boolean {
    const [host = '', port = '6379'] = this.#setting('replicaof').split(/\s+/);
    if (host === '') return true;
    const { box } = this.#context;
    const found = resolveNow(box, host);
    const [address] = found.kind === 'found' ? found.addresses : [];
    const dialled = address === undefined ? undefined : box.network.dial(address, Number(port));
    const password = this.#setting('masterauth');
    const asked = (password === '' ? '' : command(['AUTH', password])) + command(['SYNC']);
    const said = dialled?.kind === 'open' ? dialled.peer.say(asked) : '';
    const [, , sent] = /^((?:\+OK\r\n)?)\$\d+\r\n([^]*)\r\n$/.exec(said) ?? [];
    const up = sent !== undefined;
    if (up && !this.#wasUp) {
      this.log('MASTER <-> REPLICA sync started');
      this.log('MASTER <-> REPLICA sync: Finished with success');
    } else if (!up && this.#wasUp) this.log('Connection with master lost.');
    else if (!up)
      this.log(
        address === undefined
          ? 'Unable to connect to MASTER: Resource temporarily unavailable'
          : 'Error condition on socket for SYNC: Connection refused',
        '#',
      );
    this.#wasUp = up;
    if (up) {
      this.#keys = new Keys(() => box.now(), JSON.parse(sent) as [string, Entry][]);
      this.#keys.changes = 1;
      this.save();
    }
    return up;
  }

  server(): Server {
    return () => {
      let held = '';
      let trusted = this.#setting('requirepass') === '';
      const peer = {
        closed: false,
        say: (bytes: string): string => {
          held += bytes;
          let out = '';
          while (held !== '') {
            let words: string[];
            if (held.startsWith('*')) {
              const read = decode(held);
              if (read === undefined) break;
              held = held.slice(read.end);
              words =
                read.reply.kind === 'array'
                  ? read.reply.items.map((item) => (item.kind === 'bulk' ? item.text : ''))
                  : [];
            } else {
              const end = held.indexOf('\n');
              if (end === -1) break;
              words = splitWords(held.slice(0, end)) ?? [];
              held = held.slice(end + 1);
            }
            const [name = '', ...args] = words;
            if (name === '') continue;
            const word = name.toUpperCase();
            if (word === 'QUIT') {
              peer.closed = true;
              return `${out}+OK\r\n`;
            }
            if (word === 'AUTH') {
              const reply = this.#trust(args);
              if (reply.kind === 'status') trusted = true;
              out += encode(reply);
            } else if (!trusted) out += encode(error('NOAUTH Authentication required.'));
            else out += encode(this.run(word, args, name));
          }
          return out;
        },
      };
      return peer;
    };
  }
  #trust(args: readonly string[]): Reply {
    const wanted = this.#setting('requirepass');
    if (wanted === '')
      return error(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    return args.at(-1) === wanted ? OK : error('WRONGPASS invalid username-password pair or user is disabled.');
  }

  run(word: string, args: readonly string[], name: string): Reply {
    const replica = this.#setting('replicaof') !== '';
    if (replica && isWrite(word)) return error("READONLY You can't write against a read only replica.");
    const own = this.#own(word, args);
    if (own !== undefined) return own;
    if (replica) this.follow();
    const limit = Number(this.#setting('maxmemory'));
    if (limit > 0 && isWrite(word) && this.#setting('maxmemory-policy') === 'noeviction' && this.#used() > limit)
      return error("OOM command not allowed when used memory > 'maxmemory'.");
    const reply = this.#keys.run(word, args);
    if (reply === undefined)
      return error(
        `ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg.slice(0, 128)}' `).join('')}`,
      );
    this.save();
    return reply;
  }
  #used(): number {
    let sum = 0;
    for (const [key, { value }] of this.#keys.entries) sum += key.length + JSON.stringify(value).length;
    return sum;
  }

  /** What is about the server and not its keys. */
  #own(word: string, args: readonly string[]): Reply | undefined {
    const [first = ''] = args;
    switch (word) {
      case 'PING':
        return args.length === 0 ? status('PONG') : bulk(first);
      case 'ECHO':
        return bulk(first);
      case 'SELECT':
        return Number(first) < Number(this.#setting('databases')) ? OK : error('ERR DB index is out of range');
      case 'SYNC':
        return bulk(JSON.stringify([...this.#keys.entries]));
      case 'SAVE':
        this.#keys.changes++;
        this.save(true);
        this.log('DB saved on disk');
        return OK;
      case 'BGSAVE':
        this.#keys.changes++;
        this.save(true);
        this.log('Background saving started by pid 20');
        this.log('Background saving terminated with success');
        return status('Background saving started');
      case 'LASTSAVE':
        return integer(Math.floor(this.#context.box.now() / 1000));
      case 'TIME':
        return bulks([String(Math.floor(this.#context.box.now() / 1000)), '0']);
      case 'CONFIG':
        return this.#config(args);
      case 'INFO':
        return bulk(this.#info(first.toLowerCase()));
      case 'ROLE':
        return this.#setting('replicaof') === ''
          ? { kind: 'array', items: [bulk('master'), integer(0), bulks([])] }
          : bulks(['slave', ...this.#setting('replicaof').split(' '), this.#wasUp ? 'connected' : 'connect']);
      case 'REPLICAOF':
      case 'SLAVEOF':
        this.#settings.set('replicaof', args.join(' ').toLowerCase() === 'no one' ? '' : args.join(' '));
        this.follow();
        return OK;
      case 'SHUTDOWN':
        this.save(first.toUpperCase() === 'SAVE');
        this.#context.box.kill(1, 'TERM');
        return OK;
      case 'PUBLISH':
        return integer(0);
      case 'CLIENT':
      case 'DEBUG':
        return first.toUpperCase() === 'LIST' || first.toUpperCase() === 'GETNAME' ? bulk('') : OK;
      case 'COMMAND':
        return bulks([]);
      case 'HELLO':
        return error('NOPROTO unsupported protocol version');
      case 'CLUSTER':
        return error('ERR This instance has cluster support disabled');
      default:
        return undefined;
    }
  }
  #config([what = '', ...args]: readonly string[]): Reply {
    switch (what.toUpperCase()) {
      case 'GET': {
        const found = [...this.#settings].filter(([name]) =>
          args.some(
            (pattern) =>
              new Set([name, '*']).has(pattern.toLowerCase()) ||
              (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1))),
          ),
        );
        return bulks(found.flat());
      }
      case 'SET': {
        for (let at = 0; at + 1 < args.length; at += 2) {
          const [name = '', value = ''] = [args[at]?.toLowerCase(), args[at + 1]];
          if (!this.#settings.has(name) && !ACCEPTED.test(name))
            return error(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
          const why = configure(this.#settings, name, value);
          if (why !== undefined)
            return error(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${why}`);
        }
        return OK;
      }
      case 'REWRITE':
        return error('ERR The server is running without a config file');
      default:
        return OK;
    }
  }
  #info(section: string): string {
    const replica = this.#setting('replicaof');
    const [host = '', port = ''] = replica.split(' ');
    const expires = [...this.#keys.entries.values()].filter((entry) => entry.expires !== undefined).length;
    const count = this.#keys.live().length;
    const sections: Record<string, string> = {
      server: `# Server\r\nredis_version:${this.#version}\r\nredis_mode:standalone\r\nos:Linux 6.8.0-51-generic x86_64\r\narch_bits:64\r\nprocess_id:1\r\ntcp_port:${this.port}\r\n`,
      clients: '# Clients\r\nconnected_clients:1\r\nblocked_clients:0\r\n',
      memory: `# Memory\r\nused_memory:${900_000 + this.#used()}\r\nused_memory_human:${((900_000 + this.#used()) / 1024).toFixed(2)}K\r\nmaxmemory:${this.#setting('maxmemory')}\r\nmaxmemory_policy:${this.#setting('maxmemory-policy')}\r\n`,
      replication:
        replica === ''
          ? '# Replication\r\nrole:master\r\nconnected_slaves:0\r\nmaster_failover_state:no-failover\r\n'
          : `# Replication\r\nrole:slave\r\nmaster_host:${host}\r\nmaster_port:${port}\r\nmaster_link_status:${this.#wasUp ? 'up' : 'down'}\r\nslave_read_only:1\r\nconnected_slaves:0\r\n`,
      keyspace: `# Keyspace\r\n${count === 0 ? '' : `db0:keys=${count},expires=${expires},avg_ttl=0\r\n`}`,
    };
    return sections[section] ?? Object.values(sections).join('\r\n');
  }
}

export const redisServer = (version: string): Program =>
  function* run(context): Run {
    const { box, io, argv, cwd, pending } = context;
    if (/^(-v|--version)$/.test(argv[1] ?? '')) {
      io.stdout.write(
        `Redis server v=${version} sha=00000000:1 malloc=jemalloc-5.3.0 bits=64 build=5e2c4ab2fd3e0b49\n`,
      );
      return 0;
    }
    const loaded = load(box, argv, cwd, version);
    if (typeof loaded === 'string') {
      (loaded.startsWith('1:C') ? io.stdout : io.stderr).write(loaded);
      return 1;
    }
    const server = new RedisServer(context, loaded.settings, version);
    server.log('oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', '*', 'C');
    server.log(`Redis version=${version}, bits=64, commit=00000000, modified=1, pid=1, just started`, '*', 'C');
    if (loaded.file === undefined && argv.length === 1)
      server.log(
        'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
        '#',
        'C',
      );
    else server.log('Configuration loaded', '*', 'C');
    server.log('monotonic clock: POSIX clock_gettime');
    server.log(`Running mode=standalone, port=${server.port}.`);
    server.log('Server initialized');
    server.log('Ready to accept connections tcp');
    const replicaOf = loaded.settings.get('replicaof') ?? '';
    if (replicaOf !== '') {
      server.log(`Connecting to MASTER ${replicaOf.replace(' ', ':')}`);
      server.follow();
    }
    box.listen(server.port, server.server());
    return yield* untilSignal({ pending }, (signal) => {
      if (signal !== 'TERM' && signal !== 'INT') return undefined;
      server.log(`Received SIG${signal} scheduling shutdown...`);
      server.log('User requested shutdown...');
      server.log('Saving the final RDB snapshot before exiting.');
      server.save();
      server.log('DB saved on disk');
      server.log('Redis is now ready to exit, bye bye...', '#');
      return 0;
    });
  };

/** What the image runs first. */
export function* redisEntrypoint({ argv, call }: Context): Run {
  const [first = '', ...rest] = argv.slice(1);
  if (first.startsWith('-') || first.endsWith('.conf')) return yield* call(['redis-server', first, ...rest]);
  return yield* call([first, ...rest]);
}
