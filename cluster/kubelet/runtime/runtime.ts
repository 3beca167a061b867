/** The container runtime behind the kubelet: containers with files, processes, logs and ports. */
import type { Container, Node, Pod } from '../../api/types.ts';
import type { Random, Reader } from '../../store/client.ts';
import {
  toBytes,
  folder,
  Tree,
  file,
  toText,
  type FolderNode,
  treeOf,
  link,
  type Node as FileNode,
} from '../files/file-tree.ts';
import { FileView, type Identity } from '../files/file-view.ts';
import { applied, changesOf, type StoredNode } from '../files/stored-tree.ts';
import { idOf, lookUpImage, type Image } from '../images.ts';
import { PROGRAMS } from '../commands/index.ts';
import { homeOf } from '../commands/users.ts';
import type { Box, Context, ProcessRow, Program, Server, TcpPeer } from '../shell/box.ts';
import { Collector, nothingIn, Pipe, type Io, type Run, type Source } from '../shell/coroutine.ts';
import { DEFAULT_PATH, findProgram } from '../shell/shell.ts';
import { TerminalSource } from '../shell/terminal.ts';
import { ContainerLog } from './container-log.ts';
import { daemonsOf } from './daemons.ts';
import { environmentOf, substituted, type PodPlace } from './environment.ts';
import { flavourOf, hostFiles, imageFiles } from './image-files.ts';
import { PodNetwork } from './network.ts';
import { Process } from './process.ts';
import { mountsOf, type VolumeStore } from './volumes.ts';

/** JSON. */
export interface RuntimeSnapshot {
  volumes: Record<string, StoredNode>;
  hosts: Record<string, StoredNode>;
  /** By container id. */
  layers: Record<string, StoredNode>;
  images: Record<string, string>;
}

export interface RuntimeParts {
  store: Reader;
  clock: { now(): number };
  random: Pick<Random, 'next'>;
  token(pod: Pod, audience: string, seconds: number): string;
  /** Told when a container's process ends. */
  ended?(pod: Pod): void;
}

/** A container that was started: running, or ended and its log still there. */
export interface Instance {
  readonly id: string;
  readonly pod: Pod;
  readonly container: Container;
  readonly image: Image;
  readonly startedAt: number;
  readonly log: ContainerLog;
  readonly files: FileView;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly process: Process;
  readonly listeners: Map<number, Server>;
  readonly termination: Tree;
  readonly argv: readonly string[];
  /** What an attached client types, for containers with `stdin: true`. */
  readonly input: Pipe | TerminalSource | undefined;
  /** Told what it prints, while somebody is attached. */
  readonly watchers: Set<(stream: 'stdout' | 'stderr', bytes: string) => void>;
  box(process: Pick<Process, 'time'>, terminal?: Box['terminal']): Box;
}

export interface ExecAsked {
  argv: readonly string[];
  io: Io;
  /** Milliseconds since 1970, asked again and again. */
  now(): number;
  terminal?: Box['terminal'];
  pending(only?: 'INT'): string | undefined;
}
/** A process beside the container's own, or why it could not be started, in runc's words. */
export type Execed = { kind: 'run'; run: Run } | { kind: 'refused'; message: string };

const PREVIOUS_KEPT = 1;
const CAN_START =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';

/** exec's reason, as runc words it. */
function whyNot(box: Box, argv: readonly string[], path: string, cwd: string): string | undefined {
  const [name = ''] = argv;
  const found = findProgram(box, name, path, cwd);
  if (typeof found !== 'string') return undefined;
  if (found === 'missing')
    return name.includes('/')
      ? `exec: "${name}": stat ${name}: no such file or directory`
      : `exec: "${name}": executable file not found in $PATH`;
  return `exec: "${name}": ${found === 'folder' && !name.includes('/') ? 'executable file not found in $PATH' : 'permission denied'}`;
}

export class SimulatedRuntime implements VolumeStore {
  readonly #parts: RuntimeParts;
  readonly #instances = new Map<string, Instance>();
  /** Ids by pod uid and container, the newest last. */
  readonly #history = new Map<string, string[]>();
  readonly #volumes = new Map<string, Tree>();
  readonly #hosts = new Map<string, Tree>();
  readonly #layers = new Map<string, Tree>();
  #inherited = false;

  constructor(parts: RuntimeParts) {
    this.#parts = parts;
  }

  // --- volumes
  volume(key: string): Tree {
    const known = this.#volumes.get(key);
    if (known !== undefined) return known;
    const made = new Tree(folder([], { mode: 0o777 }));
    this.#volumes.set(key, made);
    return made;
  }
  host(node: string): Tree {
    const known = this.#hosts.get(node);
    if (known !== undefined) return known;
    const made = new Tree(hostFiles(node));
    this.#hosts.set(node, made);
    return made;
  }
  token(pod: Pod, audience: string, seconds: number): string {
    return this.#parts.token(pod, audience, seconds);
  }

  /** A runtime for a cluster that goes its own way from here: the same files, each with its own changes. */
  inherit(from: SimulatedRuntime): void {
    const copy = (to: Map<string, Tree>, trees: ReadonlyMap<string, Tree>) => {
      for (const [key, tree] of trees) to.set(key, new Tree(tree.root, tree.readOnly));
    };
    copy(this.#volumes, from.#volumes);
    copy(this.#hosts, from.#hosts);
    copy(this.#layers, from.#layers);
    this.#inherited = true;
  }

  /** Starts a container again that this runtime has lost, up to the present; what it did to files then was done already. */
  revive(now: number, start: () => Instance | string): Instance | string {
    const trees = [...this.#volumes.values(), ...this.#hosts.values(), ...this.#layers.values()];
    const before = trees.map((tree) => tree.root);
    const revived = start();
    if (typeof revived !== 'string') revived.process.advance(now);
    if (this.#inherited) trees.forEach((tree, index) => (tree.root = before[index] ?? tree.root));
    return revived;
  }

  /** What was written to volumes, nodes and containers, as a plain value. */
  snapshot(): RuntimeSnapshot {
    const stored = (trees: ReadonlyMap<string, Tree>, base: (key: string) => FileNode | undefined) => {
      const out: Record<string, StoredNode> = {};
      for (const [key, tree] of trees) {
        const change = changesOf(base(key), tree.root);
        if (change !== undefined) out[key] = change;
      }
      return out;
    };
    const fresh = [...this.#hosts.keys()].map((name): [string, FileNode] => [name, hostFiles(name)]);
    const hosts = new Map(fresh);
    const layers = new Map([...this.#layers].filter(([id]) => this.#instances.get(id)?.process.ended === undefined));
    return {
      volumes: stored(this.#volumes, () => undefined),
      hosts: stored(this.#hosts, (name) => hosts.get(name)),
      layers: stored(layers, (id) => {
        const image = this.#instances.get(id)?.image;
        return image && imageFiles(image);
      }),
      images: Object.fromEntries(
        [...layers.keys()].flatMap((id) => {
          const image = this.#instances.get(id)?.image.reference;
          return image === undefined ? [] : [[id, image]];
        }),
      ),
    };
  }
  restore({ volumes, hosts, layers, images }: RuntimeSnapshot): void {
    for (const [key, node] of Object.entries(volumes)) this.#volumes.set(key, new Tree(applied(undefined, node)));
    for (const [name, node] of Object.entries(hosts)) this.#hosts.set(name, new Tree(applied(hostFiles(name), node)));
    for (const [id, node] of Object.entries(layers)) {
      const found = lookUpImage(images[id] ?? '');
      if (found.kind === 'found') this.#layers.set(id, new Tree(applied(imageFiles(found.image), node)));
    }
    this.#inherited = true;
  }

  // --- containers
  get(id: string): Instance | undefined {
    return this.#instances.get(id);
  }
  /** All that ran under this name, the newest last. */
  history(uid: string, container: string): Instance[] {
    return (this.#history.get(`${uid}|${container}`) ?? []).flatMap((id) => this.#instances.get(id) ?? []);
  }

  /** Makes and starts a container. Returns why it can't be started instead. */
  start(asked: {
    pod: Pod;
    node: Node | undefined;
    podIP: string;
    hostIP: string;
    container: Container;
    image: Image;
    id: string;
    startedAt: number;
  }): Instance | string {
    const { pod, container, image, id, startedAt } = asked;
    const place: PodPlace = {
      store: this.#parts.store,
      pod,
      node: asked.node,
      podIP: asked.podIP,
      hostIP: asked.hostIP,
    };
    const hostname =
      pod.spec?.hostNetwork === true
        ? (pod.spec.nodeName ?? '')
        : (pod.spec?.hostname ?? pod.metadata.name.slice(0, 63));
    const layer = this.#layers.get(id) ?? new Tree(imageFiles(image));
    this.#layers.set(id, layer);
    const security = { ...pod.spec?.securityContext, ...container.securityContext };
    const termination = new Tree(file(''));
    const log = new ContainerLog();
    const listeners = new Map<number, Server>();
    const watchers: Instance['watchers'] = new Set();
    const network = new PodNetwork(
      this.#parts.store,
      { serverOf: (uid, port) => this.serverOf(uid, port) },
      pod,
      asked.podIP,
      () => this.#parts.random.next(),
    );
    const flavour = flavourOf(image);
    const programs = new Map<string, Program>([...PROGRAMS[flavour], ...daemonsOf(image)]);

    const uid = security.runAsUser ?? image.user;
    const groups = new Set<number>([
      ...(pod.spec?.securityContext?.supplementalGroups ?? []),
      ...(security.runAsGroup === undefined && uid === 0 ? [0] : []),
      ...(pod.spec?.securityContext?.fsGroup === undefined ? [] : [pod.spec.securityContext.fsGroup]),
    ]);
    const dropped = new Set((container.securityContext?.capabilities?.drop ?? []).map((one) => one.toUpperCase()));
    const gid = security.runAsGroup ?? (image.user === uid ? image.user : 0);
    const who: Identity = {
      uid,
      gid,
      groups:
        groups.size === 0 || (groups.size === 1 && groups.has(gid))
          ? [gid]
          : [gid, ...groups].filter((one, index, all) => all.indexOf(one) === index).sort((a, b) => a - b),
      privileged: uid === 0 && !dropped.has('ALL') && !dropped.has('CHOWN'),
    };
    const argvAsText = [
      ...((container.command ?? []).length > 0
        ? [...(container.command ?? []), ...(container.args ?? [])]
        : [...image.entrypoint, ...((container.args ?? []).length > 0 ? (container.args ?? []) : image.cmd)]),
    ];
    const proc = procFiles(argvAsText, who, container, dropped);
    const times: { own: Pick<Process, 'time'>; beside?: Pick<Process, 'time'> } = { own: { time: startedAt } };
    const view = (env: ReadonlyMap<string, string>) =>
      new FileView(
        mountsOf({
          place,
          container,
          root: layer,
          hostname,
          env,
          volumes: this,
          stamp: `..${new Date(startedAt).toISOString().slice(0, 19).replace(/[-:]/g, '_').replace('T', '_')}.${1_000_000_000 + (startedAt % 1_000_000_000)}`,
          termination,
          proc,
        }),
        who,
        () => Math.max(times.own.time, times.beside?.time ?? 0),
      );
    const accounts = {
      files: new FileView(
        [{ path: '', tree: layer, within: [], readOnly: true, type: 'overlay' }],
        who,
        () => startedAt,
      ),
      who,
    } as Box;
    const env = environmentOf(place, container, image, { hostname, home: homeOf(accounts) });
    const files = view(env);
    const text = new Map([...env].map(([name, value]) => [toText(name), toText(value)]));
    const argv = argvAsText.map((word) => toBytes(substituted(word, text)));
    const cwd = container.workingDir ?? image.workdir;
    if (argv.length === 0) return 'failed to generate container spec: no command specified';
    if (files.find(cwd) === undefined) files.makeFolder(cwd, { parents: true });

    const makeBox = (process: Pick<Process, 'time'>, terminal: Box['terminal'] = { columns: 80, rows: 24 }): Box => ({
      files,
      who,
      flavour,
      hostname,
      now: () => process.time,
      random: () => this.#parts.random.next(),
      network,
      programs,
      terminal,
      processes: () => this.#processes(instance),
      kill: (pid, signal) => this.#kill(instance, pid, signal),
      listen: (port, server) => listeners.set(port, server),
    });
    const print = (stream: 'stdout' | 'stderr', now: () => number) =>
      log.sink(stream, now, (bytes) => {
        for (const tell of watchers) tell(stream, bytes);
      });
    const screen = print('stdout', () => times.own.time);
    const input =
      container.stdin !== true ? undefined : container.tty === true ? new TerminalSource(screen) : new Pipe();
    const problem = whyNot(makeBox(times.own), argv, env.get('PATH') ?? DEFAULT_PATH, cwd);
    if (problem !== undefined) return `${CAN_START}${problem}: unknown`;
    const process = new Process(
      (self) => {
        const out = (stream: 'stdout' | 'stderr') => print(stream, () => self.time);
        const stdin: Source = input ?? nothingIn;
        const box = makeBox(self);
        times.own = self;
        return this.#program(argv, {
          argv,
          env,
          cwd,
          io: { stdin, stdout: out('stdout'), stderr: container.tty === true ? out('stdout') : out('stderr') },
          box,
          pending: (only) => (input instanceof TerminalSource && input.interrupted() ? 'INT' : self.pending(only)),
        });
      },
      startedAt,
      () => this.#parts.ended?.(pod),
    );
    const instance: Instance = {
      id,
      pod,
      container,
      image,
      startedAt,
      log,
      files,
      env,
      cwd,
      process,
      listeners,
      termination,
      argv,
      input,
      watchers,
      box: (own, terminal) => {
        times.beside = own;
        return makeBox(own, terminal);
      },
    };
    this.#instances.set(id, instance);
    const key = `${pod.metadata.uid}|${container.name}`;
    const ids = [...(this.#history.get(key) ?? []), id];
    for (const gone of ids.splice(0, Math.max(0, ids.length - 1 - PREVIOUS_KEPT))) this.#forget(gone);
    this.#history.set(key, ids);
    process.advance(startedAt);
    return instance;
  }
  #program(argv: readonly string[], base: Omit<Context, 'call'>): Run {
    const context: Context = {
      ...base,
      call: (inner, changes = {}) =>
        this.#program(inner, {
          ...base,
          argv: inner,
          ...(changes.io === undefined ? {} : { io: changes.io }),
          ...(changes.env === undefined ? {} : { env: changes.env }),
          ...(changes.cwd === undefined ? {} : { cwd: changes.cwd }),
        }),
    };
    return runFound(argv, context);
  }

  /** Lets a pod's processes catch up with the time, the earliest first. Returns when the next wants to go on. */
  advance(uid: string, now: number): number {
    const own = this.#living(uid);
    for (let rounds = 0; rounds < 10_000; rounds++) {
      let next: Process | undefined;
      for (const { process } of own)
        if (
          process.ended === undefined &&
          process.wakeAt <= now &&
          (next === undefined || process.wakeAt < next.wakeAt)
        )
          next = process;
      if (next === undefined) break;
      next.advance(Math.min(now, next.wakeAt));
    }
    for (const { process } of own) if (process.waitsForEvent) process.advance(now);
    return Math.min(
      Infinity,
      ...own.map(({ process }) => (process.waitsForEvent ? Math.min(process.wakeAt, Infinity) : process.wakeAt)),
    );
  }
  #living(uid: string): Instance[] {
    const out: Instance[] = [];
    for (const [key, ids] of this.#history) {
      const instance = key.startsWith(`${uid}|`) ? this.#instances.get(ids.at(-1) ?? '') : undefined;
      if (instance !== undefined && instance.process.ended === undefined) out.push(instance);
    }
    return out;
  }

  /** A container is over, whatever its process thinks. */
  stop(id: string, at: number, code: number): void {
    const instance = this.#instances.get(id);
    instance?.process.end(code, at);
    instance?.listeners.clear();
  }
  #forget(id: string): void {
    this.#instances.delete(id);
    this.#layers.delete(id);
  }
  /** Nothing is kept of a pod that is gone, but what is on the node's disk and in persistent volumes. */
  forgetPod(uid: string): void {
    for (const [key, ids] of this.#history) {
      if (!key.startsWith(`${uid}|`)) continue;
      ids.forEach((id) => {
        this.stop(id, this.#parts.clock.now(), 137);
        this.#forget(id);
      });
      this.#history.delete(key);
    }
    for (const key of this.#volumes.keys()) if (key.startsWith(`pod/${uid}/`)) this.#volumes.delete(key);
  }

  // --- ways in
  /** Another process in the container. */
  exec(instance: Instance, { argv, io, now, terminal, pending }: ExecAsked): Execed {
    const own = {
      get time() {
        return now();
      },
    };
    const box = instance.box(own, terminal);
    const env = new Map(instance.env);
    if (terminal !== undefined) env.set('TERM', 'xterm');
    const words = argv.map(toBytes);
    const failed = (why: string) => ({
      kind: 'refused' as const,
      message: `failed to exec in container: failed to start exec "${idOf(instance.id, now(), this.#parts.random.next())}": OCI runtime exec failed: exec failed: ${why}: unknown`,
    });
    if (words.length === 0) return failed('args must not be empty');
    const problem = whyNot(box, words, env.get('PATH') ?? DEFAULT_PATH, instance.cwd);
    if (problem !== undefined) return failed(`unable to start container process: ${problem}`);
    return { kind: 'run', run: this.#program(words, { argv: words, env, cwd: instance.cwd, io, box, pending }) };
  }

  /** Runs a command to its end at once, as a probe or hook does; its sleeps take no time but count. */
  runNow(
    instance: Instance,
    argv: readonly string[],
    limitMs: number,
  ): { code: number; output: string; ms: number } | { refused: string } {
    const from = this.#parts.clock.now();
    let time = from;
    const output = new Collector(10 * 1024);
    const execed = this.exec(instance, {
      argv,
      io: { stdin: nothingIn, stdout: output, stderr: output },
      now: () => time,
      pending: () => undefined,
    });
    if (execed.kind === 'refused') return { refused: execed.message };
    for (let turns = 0; turns < 2000; turns++) {
      const step = execed.run.next();
      if (step.done) return { code: step.value, output: toText(output.text), ms: time - from };
      const { until } = step.value;
      if (until !== undefined && until !== Infinity) time = Math.max(time, until);
      else if (step.value.event) break;
      if (time - from >= limitMs) break;
    }
    execed.run.return(137);
    return { code: 137, output: toText(output.text), ms: limitMs };
  }

  serverOf(uid: string, port: number): Server | undefined {
    for (const instance of this.#living(uid)) {
      const server = instance.listeners.get(port);
      if (server !== undefined) return server;
    }
    return undefined;
  }
  /** A connection to a port of a pod; undefined: refused. `from`: the address it seems to come from. */
  dial(uid: string, port: number, from: string): TcpPeer | undefined {
    return this.serverOf(uid, port)?.(from);
  }

  #processes(instance: Instance): ProcessRow[] {
    const user = instance.container.securityContext?.runAsUser ?? instance.image.user;
    return [{ pid: 1, user: user === 0 ? 'root' : String(user), command: instance.argv.join(' ') }];
  }
  #kill(instance: Instance, pid: number, signal: string): boolean {
    if (pid !== 1) return false;
    const { process, image } = instance;
    // the first process of a container only hears what it has a handler for
    if (signal === 'KILL' || signal === '9') return true;
    process.signal(signal);
    if (image.programs.length > 0 && (signal === 'TERM' || signal === 'QUIT' || signal === 'INT'))
      process.end(0, this.#parts.clock.now());
    return true;
  }
}

function* runFound(argv: readonly string[], context: Context): Run {
  const found = findProgram(context.box, argv[0] ?? '', context.env.get('PATH') ?? DEFAULT_PATH, context.cwd);
  if (typeof found === 'string') {
    context.io.stderr.write(
      `${context.argv[0]}: can't execute '${argv[0]}': ${found === 'missing' ? 'No such file or directory' : 'Permission denied'}\n`,
    );
    return found === 'missing' ? 127 : 126;
  }
  return yield* found.program({ ...context, argv: found.argv(argv) });
}

const CAPABILITIES: Record<string, number> = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  FOWNER: 3,
  FSETID: 4,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  NET_BIND_SERVICE: 10,
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_CHROOT: 18,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SYS_TIME: 25,
  MKNOD: 27,
  AUDIT_WRITE: 29,
  SETFCAP: 31,
};
const DEFAULT_CAPABILITIES = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SYS_CHROOT',
  'MKNOD',
  'AUDIT_WRITE',
  'SETFCAP',
];

/** What /proc shows of the container's own process. `sh -c 'a; b'` becomes its last command, as the real shells do. */
function procFiles(
  argv: readonly string[],
  who: Identity,
  container: Container,
  dropped: ReadonlySet<string>,
): FolderNode {
  const { capabilities, privileged, allowPrivilegeEscalation } = container.securityContext ?? {};
  const added = (capabilities?.add ?? []).map((one) => one.toUpperCase());
  const kept = new Set([
    ...(dropped.has('ALL') ? [] : DEFAULT_CAPABILITIES.filter((one) => !dropped.has(one))),
    ...(added.includes('ALL') ? Object.keys(CAPABILITIES) : added),
  ]);
  const bits =
    privileged === true
      ? 0x1ffffffffffn
      : [...kept].reduce((sum, name) => sum | (1n << BigInt(CAPABILITIES[name] ?? 63)), 0n);
  const effective = who.uid === 0 ? bits : 0n;
  const hex = (value: bigint) => value.toString(16).padStart(16, '0');
  const row = (id: number) => `${id}\t${id}\t${id}\t${id}`;
  const script = /(^|\/)(ba|a|da)?sh$/.test(argv[0] ?? '') && argv[1] === '-c' ? argv[2] : undefined;
  const last = script
    ?.split(/;|&&|\n/)
    .at(-1)
    ?.trim();
  const shown =
    last !== undefined && /^(sleep|tail|exec|cat|top|nc|httpd) ?[\w ./-]*$/.test(last)
      ? last.replace(/^exec /, '').split(/ +/)
      : argv;
  const groups = who.groups.filter((group) => who.uid !== 0 || group !== who.gid || who.groups.length > 1);
  const status = `Name:\t${shown[0]?.split('/').at(-1)}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t1\nPid:\t1\nPPid:\t0\nUid:\t${row(who.uid)}\nGid:\t${row(who.gid)}\nGroups:\t${groups.join(' ')}${groups.length > 0 ? ' ' : ''}\nCapInh:\t0000000000000000\nCapPrm:\t${hex(effective)}\nCapEff:\t${hex(effective)}\nCapBnd:\t${hex(bits)}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t${allowPrivilegeEscalation === false ? 1 : 0}\nSeccomp:\t${privileged === true ? 0 : 0}\n`;
  const own: FileNode = folder([
    ['cmdline', file(toBytes(`${shown.join('\0')}\0`), { mode: 0o444 })],
    ['status', file(status, { mode: 0o444 })],
    ['comm', file(`${shown[0]?.split('/').at(-1)}\n`, { mode: 0o444 })],
    ['mounts', file('')],
  ]);
  return treeOf({
    '1': own,
    self: link('1'),
    cpuinfo: file('processor\t: 0\nmodel name\t: Intel(R) Xeon(R)\nprocessor\t: 1\nmodel name\t: Intel(R) Xeon(R)\n'),
    meminfo: file('MemTotal:        4026032 kB\nMemFree:         1523400 kB\nMemAvailable:    2560000 kB\n'),
    version: file('Linux version 6.8.0-51-generic (buildd@lcy02-amd64) #52-Ubuntu SMP PREEMPT_DYNAMIC\n'),
    uptime: file('93780.12 180012.55\n'),
    loadavg: file('0.08 0.05 0.01 1/120 8\n'),
    'sys/kernel/hostname': file('\n'),
  });
}
