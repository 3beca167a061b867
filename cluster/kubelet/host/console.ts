/**
 * A node's own console: root's shell and files on its machine, past the API server, as `ssh node01` gives them. Works while the API
 * server is down, which is when it is needed.
 */
import type { Node as ClusterNode } from '../../api/types.ts';
import { PROGRAMS } from '../commands/index.ts';
import { FileView, nameOf, type Identity } from '../files/file-view.ts';
import { device, file, folder, link, toBytes, toText, Tree, treeOf, type Node } from '../files/file-tree.ts';
import { runProgram } from '../runtime/programs.ts';
import type { Box, Machine, Network } from '../shell/box.ts';
import { Collector, textSource, type Io, type Run } from '../shell/coroutine.ts';
import type { HostTree } from './host-tree.ts';
import { onMachine } from './node-programs.ts';

export interface ConsoleParts {
  node: ClusterNode;
  disk: HostTree;
  machine: Machine;
  network: Network;
  /** Milliseconds since 1970. */
  now(): number;
  random(): number;
}

export interface RunOptions {
  stdin?: string;
  /** Default: /root. */
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  /** Milliseconds of cluster time that it may take; what waits longer is ended with 124. Default: a minute. */
  limitMs?: number;
}
export interface RunResult {
  stdout: string;
  stderr: string;
  code: number;
  /** Milliseconds of cluster time that it would have taken; the cluster's clock was not moved. */
  ms: number;
}

export interface NodeFile {
  name: string;
  kind: Node['kind'];
  mode: number;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  mtime: number;
  /** Of a link. */
  target?: string;
}

export interface OpenAsked {
  argv: readonly string[];
  io: Io;
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  terminal?: Box['terminal'];
  /** Milliseconds since 1970, asked again and again. */
  now(): number;
  pending(only?: 'INT'): string | undefined;
}

const ROOT: Identity = { uid: 0, gid: 0, groups: [0], privileged: true };
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const LIMIT = 60_000;
const TURNS = 20_000;
const TIMED_OUT = 124;
const OUTPUT = 4 * 1024 * 1024;

const DEVICES = treeOf({
  null: device('null'),
  zero: device('zero'),
  random: device('random'),
  urandom: device('urandom'),
  tty: device('tty'),
  stdin: device('stdin'),
  stdout: device('stdout'),
  stderr: device('stderr'),
  fd: link('/proc/self/fd'),
  shm: folder([], { mode: 0o1777 }),
});
const PROC = treeOf({
  self: link('1'),
  cpuinfo: file('processor\t: 0\nmodel name\t: Intel(R) Xeon(R)\nprocessor\t: 1\nmodel name\t: Intel(R) Xeon(R)\n'),
  meminfo: file('MemTotal:        4026032 kB\nMemFree:         1523400 kB\nMemAvailable:    2560000 kB\n'),
  version: file('Linux version 6.8.0-51-generic (buildd@lcy02-amd64) #52-Ubuntu SMP PREEMPT_DYNAMIC\n'),
  uptime: file('93780.12 180012.55\n'),
  loadavg: file('0.08 0.05 0.01 1/120 8\n'),
  'sys/net/ipv4/ip_forward': file('1\n'),
});

export class NodeConsole {
  readonly #parts: ConsoleParts;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
  }

  /**
   * Runs a line of bash, or a program with its arguments, to its end. Waiting takes no time: a command that sleeps for an hour is ended
   * at its limit. Text is UTF-8.
   */
  run(command: string | readonly string[], options: RunOptions = {}): RunResult {
    const { stdin = '', limitMs = LIMIT, ...place } = options;
    const from = this.#parts.now();
    let now = from;
    const [stdout, stderr] = [new Collector(OUTPUT), new Collector(OUTPUT)];
    const run = this.open({
      ...place,
      argv: typeof command === 'string' ? ['bash', '-c', command] : command,
      io: { stdin: textSource(toBytes(stdin)), stdout, stderr },
      now: () => now,
      pending: () => undefined,
    });
    const result = (code: number): RunResult => ({
      stdout: toText(stdout.text),
      stderr: toText(stderr.text),
      code,
      ms: now - from,
    });
    for (let turn = 0; turn < TURNS; turn++) {
      const step = run.next();
      if (step.done) return result(step.value);
      const { until } = step.value;
      if (until !== undefined && until !== Infinity) now = Math.max(now, until);
      else if (step.value.event) break;
      if (now - from > limitMs) break;
    }
    run.return(TIMED_OUT);
    return result(TIMED_OUT);
  }

  /** The same as a process, for whoever has a terminal: byte strings in and out, resumed by its caller. */
  open({ argv, io, cwd = '/root', env = {}, terminal, now, pending }: OpenAsked): Run {
    const box = this.#box(now, terminal);
    const given = Object.entries(env).map(([name, value]): [string, string] => [name, toBytes(value)]);
    const variables = new Map([
      ['PATH', PATH],
      ['HOME', '/root'],
      ['USER', 'root'],
      ['SHELL', '/bin/bash'],
      ['LANG', 'C.UTF-8'],
      ...given,
    ]);
    if (terminal !== undefined) variables.set('TERM', 'xterm');
    const words = argv.map(toBytes);
    return runProgram(words, { argv: words, env: variables, cwd, io, box, pending });
  }

  /** Text of a file; undefined: there is none. @throws FileError when it can't be read */
  read(path: string): string | undefined {
    const files = this.#files(() => this.#parts.now());
    return files.find(path) === undefined ? undefined : toText(files.read(path));
  }
  /** Writes a file, with the folders above it. @throws FileError */
  write(path: string, text: string, { mode }: { mode?: number } = {}): void {
    const files = this.#files(() => this.#parts.now());
    const above = path.slice(0, path.lastIndexOf('/'));
    if (above !== '' && files.find(above) === undefined) files.makeFolder(above, { parents: true });
    files.write(path, toBytes(text), mode === undefined ? {} : { mode });
    if (mode !== undefined) files.change(path, { mode });
  }
  /** @throws FileError */
  remove(path: string): void {
    this.#files(() => this.#parts.now()).remove(path, { recursive: true });
  }
  /** What is in a folder, by name. @throws FileError when there is no such folder */
  list(path: string): NodeFile[] {
    const files = this.#files(() => this.#parts.now());
    return files.list(path).map((name) => this.#shown(name, files.stat(`${path}/${name}`, false)));
  }
  /** undefined: nothing is there. Links are not followed. */
  stat(path: string): NodeFile | undefined {
    const node = this.#files(() => this.#parts.now()).find(path, false);
    return node && this.#shown(nameOf(path), node);
  }
  /** Called whenever something on the disk has changed, also when a pod has written there. Returns how to stop. */
  onChange(listener: () => void): () => void {
    return this.#parts.disk.watch(listener);
  }

  #shown(name: string, node: Node): NodeFile {
    const { kind, mode, mtime } = node;
    const size = kind === 'file' ? node.data.length : kind === 'link' ? node.target.length : 0;
    return { name, kind, mode, size, mtime, ...(kind === 'link' ? { target: node.target } : {}) };
  }

  #files(now: () => number): FileView {
    const mount = (path: string, tree: Tree, type: string) => ({
      path,
      tree,
      within: [],
      readOnly: tree.readOnly,
      type,
    });
    const mounts = [
      mount('', this.#parts.disk, 'ext4'),
      mount('/proc', new Tree(PROC, true), 'proc'),
      mount('/sys', new Tree(folder(), true), 'sysfs'),
      mount('/dev', new Tree(DEVICES), 'tmpfs'),
    ];
    return new FileView(mounts, ROOT, now);
  }

  #box(now: () => number, terminal: Box['terminal'] = { columns: 80, rows: 24 }): Box {
    const { node, machine, network, random } = this.#parts;
    return onMachine({
      files: this.#files(now),
      who: ROOT,
      flavour: 'gnu',
      image: '',
      hostname: node.metadata.name,
      now,
      random,
      network,
      programs: PROGRAMS.gnu,
      processes: () => [],
      kill: () => false,
      listen: () => undefined,
      machine,
      terminal,
    });
  }
}
