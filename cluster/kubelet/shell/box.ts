/** What a program in a container is given: its files, time, network, neighbours. */
import type { FileView, Identity } from '../files/file-view.ts';
import type { Protocol } from '../../network/address.ts';
import type { Corefile } from '../../network/dns/corefile.ts';
import type { Reply } from '../../network/dns/resolver.ts';
import type { Question } from '../../network/dns/server.ts';
import type { JournalEntry, MachineState } from '../../machines.ts';
import type { Client, Reader } from '../../store/client.ts';
import type { Io, Run } from './coroutine.ts';

/** Whose tools a container has: their words for mistakes differ. */
export type Flavour = 'busybox' | 'gnu';

export interface TcpPeer {
  /** What was said to it, and what it answers; `undefined` ends the connection. */
  say(bytes: string): string;
  /** It has ended the connection. */
  readonly closed: boolean;
  /** Where TLS is spoken: what is beneath it, for a client that asks for that name. What is said without it is no TLS. */
  secure?(serverName: string): Secured;
}
export interface Secured {
  /** PEM of what the server shows of itself. */
  certificate: string;
  peer: TcpPeer;
}
export type Dialled =
  | { kind: 'open'; peer: TcpPeer }
  /** Nothing listens there. */
  | { kind: 'refused' }
  /** No answer at all: packets are dropped. */
  | { kind: 'silent' }
  /** Nobody has the address. */
  | { kind: 'unreachable' };

export interface Network {
  /** One question to one name server. */
  ask(server: string, question: Question): Reply;
  dial(address: string, port: number, protocol?: Protocol): Dialled;
  ping(address: string): 'answers' | 'silent' | 'unreachable';
  /** The container's own address. */
  readonly address: string;
  /** What the API server has, for programs that watch it. */
  readonly objects: Reader;
}

export interface ProcessRow {
  pid: number;
  user: string;
  command: string;
}

/** What etcd keeps. */
export interface EtcdData {
  revision(): number;
  /** In order. */
  keys(): string[];
  /** Byte string. */
  value(key: string): string | undefined;
}
/** What an etcd finds in a data folder when it starts: which state of the cluster it serves from then on. */
export interface EtcdDatabases {
  /** Contents of a saved snapshot: all of what is there now. */
  save(): string;
  /**
   * Serves what lies in the file `member/snap/db` of its folder; undefined: an empty folder. Returns what lies there from now on, or
   * why it is no database.
   */
  open(file: string | undefined): { file: string } | { problem: string };
}
export interface EtcdMember {
  /** 16 hexadecimal digits, both. */
  id: string;
  clusterId: string;
  name: string;
  peerUrl: string;
  clientUrl: string;
}
/** The machine that a container runs on, for those who have its root. */
export interface Machine {
  /** The cluster's own, as far as the machine's programs can reach it. */
  etcd?: {
    data: EtcdData;
    member: EtcdMember;
    /** Where it takes clients: `https://127.0.0.1:2379`. Nowhere while it does not run. */
    listens(): readonly string[];
    /** The databases that its data folders hold. */
    databases: EtcdDatabases;
    /** PEM texts: what the server shows, and by which it knows its clients. undefined: it speaks without TLS. */
    server?: { certificate: string; authority: string } | undefined;
  };
  /** Why a scheduler would not start with a configuration, in its words; undefined: it would. `exists` is asked for the paths in it. */
  schedulerProblem?(configuration: string, exists: (path: string) => boolean): string | undefined;
  /** The node's name. */
  readonly node: string;
  state(): MachineState;
  change(change: Partial<MachineState>): void;
  log(...entries: JournalEntry[]): void;
  /** Whether the cluster hears of the node, and its pods are looked after. */
  switchKubelet(on: boolean): void;
  /** For what a machine's programs change in the cluster. */
  client(): Client;
  /** Makes those of kubeadm's certificates and kubeconfigs anew, by path. */
  renew(paths: readonly string[]): void;
  /** PEM of the cluster's authority; '' where it has none. */
  readonly authority: string;
  apiServes(): boolean;
  /** What a container printed, and what becomes of it; undefined: it is not known here. */
  container(id: string): { lines(): readonly string[]; stop(): void } | undefined;
}

/** Bytes; both `take` and `check` throw through the process when that is too much. */
export interface HeldMemory {
  take(bytes: number): void;
  check(bytes: number): void;
  give(bytes: number): void;
}

export interface Box {
  files: FileView;
  who: Identity;
  flavour: Flavour;
  /** `docker.io/library/busybox:1.36` */
  image: string;
  hostname: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** In [0, 1), the same for the same seed. */
  random(): number;
  network: Network;
  /** Other programs than those of every image. */
  programs: ReadonlyMap<string, Program>;
  /** What its processes hold together. Absent: nobody counts. */
  memory?: HeldMemory;
  processes(): ProcessRow[];
  /** Sends a signal; false: no such process. */
  kill(pid: number, signal: string): boolean;
  /** Makes a port answer while the process lives. */
  listen(port: number, server: Server): void;
  /** Ports that were made to. */
  listening?(): number[];
  /** Absent: nothing outside the container can be reached. */
  readonly machine?: Machine | undefined;
  /** Columns and rows of the terminal. */
  terminal: { columns: number; rows: number };
}

/** Makes the peer of each connection. `corefile`: it is a name server, and answers by that. */
export type Server = ((from: string) => TcpPeer) & { corefile?: () => Corefile };

export interface Context {
  /** With the name it was called by first. Byte strings, as all text in a container. */
  argv: readonly string[];
  /** Exported variables. */
  env: ReadonlyMap<string, string>;
  cwd: string;
  io: Io;
  box: Box;
  /** Runs another program by name. */
  call(argv: readonly string[], changes?: { io?: Io; env?: ReadonlyMap<string, string>; cwd?: string }): Run;
  /** The first process of a container, for which a signal that it does not handle is none. */
  readonly isFirst?: boolean;
  /** A signal that came, taken by looking; `only`: no other than that. */
  pending(only?: 'INT'): string | undefined;
}
export type Program = (context: Context) => Run;
