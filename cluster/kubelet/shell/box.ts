/** What a program in a container is given: its files, time, network, neighbours. */
import type { FileView, Identity } from '../files/file-view.ts';
import type { Lookup } from '../../network/dns/resolver.ts';
import type { Io, Run } from './coroutine.ts';

/** Whose tools a container has: their words for mistakes differ. */
export type Flavour = 'busybox' | 'gnu';

export interface TcpPeer {
  /** What was said to it, and what it answers; `undefined` ends the connection. */
  say(bytes: string): string;
  /** It has ended the connection. */
  readonly closed: boolean;
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
  /** What DNS says about a name, by the search list of the pod. */
  lookUp(name: string, type?: 'A' | 'PTR'): Lookup;
  dial(address: string, port: number): Dialled;
  ping(address: string): 'answers' | 'silent' | 'unreachable';
  /** The container's own address. */
  readonly address: string;
}

export interface ProcessRow {
  pid: number;
  user: string;
  command: string;
}

/** The machine that a container runs on, for those who have its root. */
export interface Machine {
  kubeletRuns(): boolean;
  switchKubelet(on: boolean): void;
}

export interface Box {
  files: FileView;
  who: Identity;
  flavour: Flavour;
  hostname: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** In [0, 1), the same for the same seed. */
  random(): number;
  network: Network;
  /** Other programs than those of every image. */
  programs: ReadonlyMap<string, Program>;
  processes(): ProcessRow[];
  /** Sends a signal; false: no such process. */
  kill(pid: number, signal: string): boolean;
  /** Makes a port answer while the process lives. */
  listen(port: number, server: Server): void;
  /** Absent: nothing outside the container can be reached. */
  machine?: Machine;
  /** Columns and rows of the terminal. */
  terminal: { columns: number; rows: number };
}

/** Makes the peer of each connection. */
export type Server = (from: string) => TcpPeer;

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
  /** A signal that came, taken by looking; `only`: no other than that. */
  pending(only?: 'INT'): string | undefined;
}
export type Program = (context: Context) => Run;
