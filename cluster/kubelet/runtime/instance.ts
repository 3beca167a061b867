/** What the runtime knows of a container, and what is asked of it. */
import type { Container, Node, Pod } from '../../api/types.ts';
import type { Keep, Random } from '../../store/client.ts';
import type { Tree } from '../files/file-tree.ts';
import type { FileView } from '../files/file-view.ts';
import type { Image } from '../images/image.ts';
import type { Box, Machine, Server } from '../shell/box.ts';
import type { Io, Pipe, Run } from '../shell/coroutine.ts';
import type { TerminalSource } from '../shell/terminal.ts';
import type { ContainerLog } from './container-log.ts';
import type { Memory } from './memory.ts';
import type { Process } from './process.ts';

export interface RuntimeParts {
  store: Keep;
  clock: { now(): number };
  random: Pick<Random, 'next'>;
  token(pod: Pod, audience: string, seconds: number): string;
  /** What is beneath the containers of a node. Absent: nothing that can be reached. */
  machine?(node: string): Machine;
  /**
   * Called before the files of a node are looked at for the first time, for those who write them only then. Returns more of them:
   * byte strings by path.
   */
  furnish?(node: string): Readonly<Record<string, string>>;
  /** Whether the API server answers. Default: it does. */
  apiState?(): 'serves' | 'no-etcd' | 'down';
  /** Told when containers of a node have taken much of its memory. */
  pressed?(node: string): void;
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
  readonly memory: Memory;
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

export interface StartAsked {
  pod: Pod;
  node: Node | undefined;
  podIP: string;
  hostIP: string;
  container: Container;
  image: Image;
  id: string;
  startedAt: number;
}
