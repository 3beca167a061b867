/** What a program in a container is given: its files, time, network, neighbours. */
import type { FileView, Identity } from '../files/file-view.ts';
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
  | { kind: 'open'; address: string; peer: TcpPeer }
  /** Nothing listens there. */
  | { kind: 'refused'; address: string }
  /** No answer at all: packets are dropped. */
  | { kind: 'silent'; address: string };

export interface Network {
  /** Addresses of a name as the cluster's DNS gives them, with the full name; undefined: no such name. */
  lookUp(name: string): { fullName: string; addresses: readonly string[] } | undefined;
  dial(address: string, port: number): Dialled;
  /** The container's own address. */
  readonly address: string;
  /** Of the cluster's DNS server. */
  readonly nameServer: string;
}

export interface ProcessRow {
  pid: number;
  user: string;
  command: string;
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
