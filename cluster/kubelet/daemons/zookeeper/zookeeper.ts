/** ZooKeeper as the tutorial's image has it: an ensemble by the names of a StatefulSet, zkCli.sh, the four-letter words. */
import { resolveNow } from '../../commands/resolve.ts';
import { file, folder, type Node } from '../../files/file-tree.ts';
import type { Box, Context, Program, Server } from '../../shell/box.ts';
import { readLine, type Run } from '../../shell/coroutine.ts';
import { showAs } from '../../shell/process-rows.ts';
import { TerminalSource } from '../../shell/terminal.ts';
import { pause, store, textOf, untilSignal } from '../serve.ts';

const VERSION = '3.4.10-39d3a4f269333c922ed3db283be479f9deacaa0f, built on 03/23/2017 10:13 GMT';
/** Milliseconds that Java takes to start. */
const STARTS = 3000;
const CONFIG = '/opt/zookeeper/conf/zoo.cfg';

interface Znode {
  text: string;
  /** Transactions that made and changed it. */
  created: number;
  changed: number;
  version: number;
  at: number;
}
interface Data {
  nodes: Record<string, Znode>;
  transaction: number;
}
const EMPTY: Data = {
  nodes: {
    '/': { text: '', created: 0, changed: 0, version: 0, at: 0 },
    '/zookeeper': { text: '', created: 0, changed: 0, version: 0, at: 0 },
    '/zookeeper/quota': { text: '', created: 0, changed: 0, version: 0, at: 0 },
  },
  transaction: 0,
};

interface Settings {
  client: number;
  folder: string;
  servers: readonly { id: number; host: string; peer: number }[];
}
function settingsOf(text: string): Settings {
  const value = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1];
  return {
    client: Number(value('clientPort') ?? 2181),
    folder: value('dataDir') ?? '/var/lib/zookeeper/data',
    servers: [...text.matchAll(/^server\.(\d+)=([^:]+):(\d+):\d+$/gm)].map(([, id, host = '', peer]) => ({
      id: Number(id),
      host,
      peer: Number(peer),
    })),
  };
}

class ZooKeeper {
  readonly #box: Box;
  readonly #settings: Settings;
  readonly #id: number;
  #data: Data;

  constructor(box: Box, settings: Settings, id: number) {
    this.#box = box;
    this.#settings = settings;
    this.#id = id;
    this.#data = this.#read();
  }
  get #path(): string {
    return `${this.#settings.folder}/version-2/log.1`;
  }
  #read(): Data {
    const text = textOf(this.#box, this.#path);
    return text === undefined ? EMPTY : (JSON.parse(text) as Data);
  }
  #keep(data: Data): void {
    this.#data = data;
    store(this.#box, this.#path, JSON.stringify(data));
  }

  /** Says something to another member, by its port for members; undefined: it is not there. */
  #ask(host: string, port: number, words: unknown): string | undefined {
    const found = resolveNow(this.#box, host);
    const dialled = found.kind === 'found' ? this.#box.network.dial(found.addresses[0] ?? '', port) : undefined;
    if (dialled?.kind !== 'open') return undefined;
    const said = dialled.peer.say(`${JSON.stringify(words)}\n`);
    return said === '' ? undefined : said;
  }
  get #others() {
    return this.#settings.servers.filter(({ id }) => id !== this.#id);
  }
  /** Members that answer, this one among them, with how far each is. */
  members(): { id: number; transaction: number; own: boolean }[] {
    const rest = this.#others.flatMap(({ host, peer }) => {
      const said = this.#ask(host, peer, { ask: 'where' });
      return said === undefined ? [] : [JSON.parse(said) as { id: number; transaction: number }];
    });
    return [
      { id: this.#id, transaction: this.#data.transaction, own: true },
      ...rest.map((one) => ({ ...one, own: false })),
    ];
  }
  get hasQuorum(): boolean {
    const { servers } = this.#settings;
    return servers.length < 2 || this.members().length > servers.length / 2;
  }
  /** The member that knows most leads; of those the one with the highest number. */
  role(): 'leader' | 'follower' | 'standalone' {
    if (this.#settings.servers.length < 2) return 'standalone';
    const [first] = this.members().toSorted((a, b) => b.id - a.id);
    return first?.own === true ? 'leader' : 'follower';
  }
  /** Takes what another member knows and this one does not. */
  catchUp(): void {
    for (const { host, peer } of this.#others) {
      const said = this.#ask(host, peer, { ask: 'all' });
      if (said === undefined) continue;
      const data = JSON.parse(said) as Data;
      if (data.transaction > this.#data.transaction) this.#keep(data);
    }
  }
  #change(nodes: Data['nodes']): void {
    const data = { nodes, transaction: this.#data.transaction + 1 };
    this.#keep(data);
    for (const { host, peer } of this.#others) this.#ask(host, peer, { take: data });
  }

  /** Among members. */
  peers(): Server {
    return lines((line) => {
      const asked = JSON.parse(line) as { ask?: string; take?: Data };
      if (asked.take && asked.take.transaction > this.#data.transaction) this.#keep(asked.take);
      return JSON.stringify(asked.ask === 'all' ? this.#data : { id: this.#id, transaction: this.#data.transaction });
    });
  }
  /** For clients: JSON of our own, and the four-letter words. */
  clients(): Server {
    return (from) => {
      let held = '';
      const peer = {
        closed: false,
        say: (bytes: string): string => {
          held += bytes;
          const word = /^(ruok|stat|srvr|mntr|conf|imok|isro|envi|cons|dump|wchs)\s*$/.exec(held)?.[1];
          if (word !== undefined) {
            peer.closed = true;
            return this.#fourLetters(word, from);
          }
          let out = '';
          for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
            const line = held.slice(0, end);
            held = held.slice(end + 1);
            if (line.startsWith('[')) out += `${JSON.stringify(this.command(JSON.parse(line) as string[]))}\n`;
          }
          return out;
        },
      };
      return peer;
    };
  }
  #fourLetters(word: string, from: string): string {
    if (word === 'ruok') return 'imok';
    if (!this.hasQuorum) return 'This ZooKeeper instance is not currently serving requests\n';
    const { transaction, nodes } = this.#data;
    const mode = this.role();
    const count = Object.keys(nodes).length;
    const zxid = `0x${(transaction === 0 ? 0x100000000 : 0x100000000 + transaction).toString(16)}`;
    if (word === 'isro') return 'rw';
    if (word === 'mntr')
      return `zk_version\t${VERSION}\nzk_avg_latency\t0\nzk_num_alive_connections\t1\nzk_server_state\t${mode}\nzk_znode_count\t${count}\n${mode === 'leader' ? `zk_followers\t${this.members().length - 1}\nzk_synced_followers\t${this.members().length - 1}\n` : ''}`;
    if (word === 'conf')
      return `clientPort=${this.#settings.client}\ndataDir=${this.#settings.folder}/version-2\ntickTime=2000\nserverId=${this.#id}\n`;
    return `Zookeeper version: ${VERSION}\n${word === 'stat' ? `Clients:\n /${from}:40312[0](queued=0,recved=1,sent=0)\n\n` : ''}Latency min/avg/max: 0/0/0\nReceived: 1\nSent: 0\nConnections: 1\nOutstanding: 0\nZxid: ${zxid}\nMode: ${mode}\nNode count: ${count}\n`;
  }

  command([name = '', path = '', ...rest]: readonly string[]): string[] {
    if (!this.hasQuorum) return ['!lost'];
    this.catchUp();
    const { nodes, transaction } = this.#data;
    const node = nodes[path];
    const missing = [`Node does not exist: ${path}`];
    const at = this.#box.now();
    if (name !== '' && !path.startsWith('/'))
      return [`Command failed: java.lang.IllegalArgumentException: Path must start with / character`];
    switch (name) {
      case 'create': {
        const above = path.slice(0, path.lastIndexOf('/')) || '/';
        if (node !== undefined) return [`Node already exists: ${path}`];
        if (nodes[above] === undefined) return missing;
        this.#change({
          ...nodes,
          [path]: { text: rest.join(' '), created: transaction + 1, changed: transaction + 1, version: 0, at },
        });
        return [`Created ${path}`];
      }
      case 'get':
        return node === undefined ? missing : [node.text, ...stat(node, path, nodes)];
      case 'stat':
        return node === undefined ? missing : stat(node, path, nodes);
      case 'set':
        if (node === undefined) return missing;
        this.#change({
          ...nodes,
          [path]: { ...node, text: rest.join(' '), changed: transaction + 1, version: node.version + 1, at },
        });
        return stat(this.#data.nodes[path] ?? node, path, nodes);
      case 'ls':
        return node === undefined ? missing : [`[${children(path, nodes).join(', ')}]`];
      case 'delete':
      case 'rmr': {
        if (node === undefined) return missing;
        if (name === 'delete' && children(path, nodes).length > 0) return [`Node not empty: ${path}`];
        this.#change(
          Object.fromEntries(Object.entries(nodes).filter(([one]) => one !== path && !one.startsWith(`${path}/`))),
        );
        return [];
      }
      default:
        return HELP;
    }
  }
}
const HELP = [
  'ZooKeeper -server host:port cmd args',
  '\tstat path [watch]',
  '\tset path data [version]',
  '\tls path [watch]',
  '\tdelquota [-n|-b] path',
  '\tls2 path [watch]',
  '\tsetAcl path acl',
  '\tsetquota -n|-b val path',
  '\thistory ',
  '\tredo cmdno',
  '\tprintwatches on|off',
  '\tdelete path [version]',
  '\tsync path',
  '\tlistquota path',
  '\trmr path',
  '\tget path [watch]',
  '\tcreate [-s] [-e] path data acl',
  '\taddauth scheme auth',
  '\tquit ',
  '\tgetAcl path',
  '\tclose ',
  '\tconnect host:port',
];
const children = (path: string, nodes: Data['nodes']): string[] => {
  const prefix = path === '/' ? '/' : `${path}/`;
  return Object.keys(nodes)
    .filter((one) => one !== '/' && one.startsWith(prefix) && !one.slice(prefix.length).includes('/'))
    .map((one) => one.slice(prefix.length))
    .sort();
};
const javaDate = (ms: number): string => {
  const [day, date, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
};
const zxid = (transaction: number): string => `0x${transaction === 0 ? '0' : (0x100000000 + transaction).toString(16)}`;
const stat = (node: Znode, path: string, nodes: Data['nodes']): string[] => [
  `cZxid = ${zxid(node.created)}`,
  `ctime = ${javaDate(node.at)}`,
  `mZxid = ${zxid(node.changed)}`,
  `mtime = ${javaDate(node.at)}`,
  `pZxid = ${zxid(node.created)}`,
  'cversion = 0',
  `dataVersion = ${node.version}`,
  'aclVersion = 0',
  'ephemeralOwner = 0x0',
  `dataLength = ${node.text.length}`,
  `numChildren = ${children(path, nodes).length}`,
];

const lines =
  (answer: (line: string) => string): Server =>
  () => {
    let held = '';
    return {
      closed: false,
      say(bytes: string): string {
        held += bytes;
        let out = '';
        for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
          const line = held.slice(0, end);
          held = held.slice(end + 1);
          if (line.startsWith('{')) out += answer(line);
        }
        return out;
      },
    };
  };

/** Options of start-zookeeper, with what the script has for those not given. */
const OPTIONS: Readonly<Record<string, string>> = {
  servers: '1',
  data_dir: '/var/lib/zookeeper/data',
  data_log_dir: '/var/lib/zookeeper/log',
  log_dir: '/var/log/zookeeper',
  conf_dir: '/opt/zookeeper/conf',
  client_port: '2181',
  election_port: '3888',
  server_port: '2888',
  tick_time: '2000',
  init_limit: '10',
  sync_limit: '5',
  heap: '512M',
  max_client_cnxns: '60',
  snap_retain_count: '3',
  purge_interval: '12',
  max_session_timeout: '40000',
  min_session_timeout: '4000',
  log_level: 'INFO',
};

function* startZookeeper(context: Context): Run {
  const { box, io, argv, call } = context;
  const set: Record<string, string> = { ...OPTIONS };
  for (const word of argv.slice(1)) {
    const [, name, value] = /^--(\w+)=(.*)$/.exec(word) ?? [];
    if (name === undefined || !(name in set)) {
      io.stdout.write(`unknown option: ${word}\nusage: start-zookeeper [OPTIONS]\n`);
      return 1;
    }
    set[name] = value ?? '';
  }
  // the domain is asked of `hostname -d`, in the script
  const domain = domainOf(box);
  const [, name, ordinal] = /^(.*)-(\d+)$/.exec(box.hostname) ?? [];
  if (name === undefined || ordinal === undefined) {
    io.stdout.write('Failed to parse name and ordinal of Pod\n');
    return 1;
  }
  const id = Number(ordinal) + 1;
  const count = Number(set['servers']);
  const servers = Array.from(
    { length: count },
    (_, index) => `server.${index + 1}=${name}-${index}.${domain}:${set['server_port']}:${set['election_port']}\n`,
  );
  const text = `#This file was autogenerated DO NOT EDIT\nclientPort=${set['client_port']}\ndataDir=${set['data_dir']}\ndataLogDir=${set['data_log_dir']}\ntickTime=${set['tick_time']}\ninitLimit=${set['init_limit']}\nsyncLimit=${set['sync_limit']}\nmaxClientCnxns=${set['max_client_cnxns']}\nminSessionTimeout=${set['min_session_timeout']}\nmaxSessionTimeout=${set['max_session_timeout']}\nautopurge.snapRetainCount=${set['snap_retain_count']}\nautopurge.purgeInteval=${set['purge_interval']}\n${count > 1 ? servers.join('') : ''}`;
  const log4j = `zookeeper.root.logger=CONSOLE\nzookeeper.console.threshold=${set['log_level']}\nlog4j.rootLogger=\${zookeeper.root.logger}\nlog4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender\nlog4j.appender.CONSOLE.Threshold=\${zookeeper.console.threshold}\nlog4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout\nlog4j.appender.CONSOLE.layout.ConversionPattern=%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n\n`;
  for (const [path, content] of [
    [CONFIG, text],
    [`${set['data_dir']}/myid`, `${id}\n`],
    ['/opt/zookeeper/conf/log4j.properties', log4j],
    [
      '/opt/zookeeper/conf/java.env',
      `ZOO_LOG_DIR=${set['log_dir']}\nSERVER_JVMFLAGS="-Xmx${set['heap']} -Xms${set['heap']}"\n`,
    ],
  ] as const) {
    if (store(box, path, content)) continue;
    io.stderr.write(`mkdir: cannot create directory '${path.slice(0, path.lastIndexOf('/'))}': Permission denied\n`);
    return 1;
  }
  return yield* call(['zkServer.sh', 'start-foreground']);
}
function domainOf(box: Box): string {
  const [, full = ''] =
    (textOf(box, '/etc/hosts') ?? '')
      .split('\n')
      .map((line) => line.split(/\s+/))
      .find(([address]) => address === box.network.address) ?? [];
  return full.split('.').slice(1).join('.');
}

/** The server itself: `java` by its name in the list of processes. */
function* server(context: Context): Run {
  const { box, io } = context;
  const text = textOf(box, CONFIG);
  io.stdout.write('ZooKeeper JMX enabled by default\nUsing config: /usr/bin/../etc/zookeeper/zoo.cfg\n');
  if (text === undefined) {
    io.stderr.write(`grep: ${CONFIG}: No such file or directory\n`);
    return 1;
  }
  const settings = settingsOf(text);
  const id = Number.parseInt(textOf(box, `${settings.folder}/myid`) ?? '1', 10);
  const say = (level: string, where: string, what: string) =>
    io.stdout.write(
      `${new Date(box.now()).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')} [myid:${id}] - ${level.padEnd(5)} [${where}] - ${what}\n`,
    );
  const ends = (signal: string) => (signal === 'TERM' || signal === 'INT' ? 143 : undefined);
  const early = yield* pause(context, STARTS, ends);
  if (early !== undefined) return early;
  say('INFO', 'main:QuorumPeerConfig@134', 'Reading configuration from: /usr/bin/../etc/zookeeper/zoo.cfg');
  for (const one of settings.servers.toReversed())
    say(
      'INFO',
      'main:QuorumPeer$QuorumServer@167',
      `Resolved hostname: ${one.host} to address: ${one.host}/${box.network.address}`,
    );
  const zookeeper = new ZooKeeper(box, settings, id);
  const own = settings.servers.find((one) => one.id === id);
  if (own) {
    say('INFO', 'main:QuorumPeerConfig@396', `Defaulting to majority quorums`);
    say('INFO', `main:QuorumPeerMain@127`, 'Starting quorum peer');
    box.listen(own.peer, zookeeper.peers());
    box.listen(own.peer + 1000, zookeeper.peers());
    say(
      'INFO',
      'WorkerReceiver[myid=' + String(id) + ']:FastLeaderElection@600',
      `Notification: 1 (message format version), ${id} (n.leader), 0x0 (n.zxid), 0x1 (n.round), LOOKING (n.state), ${id} (n.sid), 0x0 (n.peerEpoch) LOOKING (my state)`,
    );
  } else
    say(
      'WARN',
      'main:QuorumPeerMain@113',
      'Either no config or no quorum defined in config, running  in standalone mode',
    );
  showAs(box, [
    ...box.processes(),
    {
      pid: 27,
      user: 'zookeep+',
      command:
        '/usr/lib/jvm/java-8-openjdk-amd64/bin/java -Dzookeeper.log.dir=/var/log/zookeeper -Dzookeeper.root.logger=INFO,CONSOLE org.apache.zookeeper.server.quorum.QuorumPeerMain /usr/bin/../etc/zookeeper/zoo.cfg',
    },
  ]);
  zookeeper.catchUp();
  say('INFO', `main:NIOServerCnxnFactory@89`, `binding to port 0.0.0.0/0.0.0.0:${settings.client}`);
  box.listen(settings.client, zookeeper.clients());
  if (zookeeper.hasQuorum)
    say(
      'INFO',
      `QuorumPeer[myid=${id}]/0:0:0:0:0:0:0:0:${settings.client}:QuorumPeer@${zookeeper.role() === 'leader' ? 856 : 844}`,
      zookeeper.role() === 'leader' ? 'LEADING' : 'FOLLOWING',
    );
  return yield* untilSignal(context, ends);
}

function* zookeeperReady({ box, argv }: Context): Run {
  yield* [];
  const port = Number(argv[1] ?? 2181);
  const dialled = box.network.dial('127.0.0.1', port);
  const said = dialled.kind === 'open' ? dialled.peer.say('ruok') : '';
  if (said === 'imok') return 0;
  return 1;
}

function* zkCli(context: Context): Run {
  const { box, io, argv } = context;
  let [host, port] = ['localhost', 2181];
  let words = argv.slice(1);
  if (words[0] === '-server') {
    const [given = 'localhost', number = '2181'] = (words[1] ?? '').split(':');
    [host, port] = [given, Number(number)];
    words = words.slice(2);
  }
  io.stdout.write(`Connecting to ${host}:${port}\n`);
  const ask = (asked: readonly string[]): string[] => {
    const found = resolveNow(box, host === 'localhost' ? '127.0.0.1' : host);
    const dialled = found.kind === 'found' ? box.network.dial(found.addresses[0] ?? '', port) : undefined;
    const said = dialled?.kind === 'open' ? dialled.peer.say(`${JSON.stringify(asked)}\n`) : '';
    return said.startsWith('[') ? (JSON.parse(said) as string[]) : ['!lost'];
  };
  const lost = (path: string) =>
    `Exception in thread "main" org.apache.zookeeper.KeeperException$ConnectionLossException: KeeperErrorCode = ConnectionLoss for ${path}\n`;
  if (words.length > 0) {
    const answer = ask(words);
    if (answer[0] === '!lost') {
      io.stderr.write(lost(words[1] ?? '/'));
      return 1;
    }
    io.stdout.write(
      `\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n${answer.map((line) => `${line}\n`).join('')}`,
    );
    return 0;
  }
  const terminal = io.stdin instanceof TerminalSource ? io.stdin : undefined;
  io.stdout.write('Welcome to ZooKeeper!\nJLine support is enabled\n');
  const state = ask(['ls', '/'])[0] === '!lost' ? 'CONNECTING' : 'CONNECTED';
  for (let count = 0; ; count++) {
    const prompt = `[zk: ${host}:${port}(${state}) ${count}] `;
    if (terminal) terminal.prompt = prompt;
    else io.stdout.write(prompt);
    const line = terminal ? yield* terminal.editLine() : yield* readLine(io.stdin);
    if (line === undefined || line.trim() === 'quit') {
      io.stdout.write('Quitting...\n');
      return 0;
    }
    if (line.trim() === '') {
      count--;
      continue;
    }
    const answer = ask(line.trim().split(/\s+/));
    io.stdout.write(answer[0] === '!lost' ? lost('/') : answer.map((one) => `${one}\n`).join(''));
  }
}
function* zkServer(context: Context): Run {
  const { box, io, argv } = context;
  if (argv[1] === 'start-foreground' || argv[1] === 'start') return yield* server(context);
  if (argv[1] !== 'status') {
    io.stdout.write('Usage: zkServer.sh {start|start-foreground|stop|restart|status|upgrade|print-cmd}\n');
    return 0;
  }
  const dialled = box.network.dial('127.0.0.1', 2181);
  const mode = dialled.kind === 'open' ? /^Mode: .*$/m.exec(dialled.peer.say('srvr'))?.[0] : undefined;
  io.stdout.write(
    `ZooKeeper JMX enabled by default\nUsing config: /usr/bin/../etc/zookeeper/zoo.cfg\n${mode ?? 'Error contacting service. It is probably not running.'}\n`,
  );
  return mode === undefined ? 1 : 0;
}

export const ZOOKEEPER_PROGRAMS: Readonly<Record<string, Program>> = {
  '/opt/zookeeper/bin/start-zookeeper': startZookeeper,
  '/opt/zookeeper/bin/zookeeper-ready': zookeeperReady,
  '/opt/zookeeper/bin/zkCli.sh': zkCli,
  '/opt/zookeeper/bin/zkServer.sh': zkServer,
  '/usr/lib/jvm/java-8-openjdk-amd64/bin/java': server,
};
export const ZOOKEEPER_FILES: Readonly<Record<string, Node>> = {
  'opt/zookeeper/conf': folder([], { uid: 1000, gid: 1000, mode: 0o775 }),
  'opt/zookeeper/bin': folder([], { uid: 1000, gid: 1000, mode: 0o775 }),
  'var/lib/zookeeper': folder([], { uid: 1000, gid: 1000 }),
  'var/log/zookeeper': folder([], { uid: 1000, gid: 1000 }),
  'home/zookeeper': folder([], { uid: 1000, gid: 1000 }),
  'usr/share/zookeeper/README': file('Apache ZooKeeper 3.4.10\n'),
};
