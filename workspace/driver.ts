/**
 * How machines for learners are made. One driver is here, bubblewrap on this host (sandbox/driver.ts); what any other must do is told by
 * driver-suite.ts. Above this line nothing knows of sandboxes: terminals, flow control and ids are the same over every driver.
 */
import type { Duplex, Readable } from 'node:stream';
import type { TerminalSize } from './terminal/twin.ts';

/** Makes machines, and cleans up after servers that were killed. */
export interface Driver {
  /** For the log and the administrator: what keeps learners apart here, and which limits are in force. */
  readonly description: string;
  /** Whether machines can have `hosts`; why not otherwise. */
  readonly hosts: { possible: true } | { possible: false; why: string };
  /** Rejects with why it could not be made; then nothing of it is left. */
  open(options: MachineOptions): Promise<Machine>;
  /** Ends every machine. */
  close(): Promise<void>;
}

/** The cluster behind a machine. */
export interface ClusterAccess {
  /** Text of ~/.kube/config, with the server at https://127.0.0.1:6443. A learner's changed one is kept until this text changes. */
  kubeconfig: string;
  /** The API server, reached once for each connection to 127.0.0.1:6443 inside. */
  connect: () => Duplex;
}

export interface HostOptions {
  /** As `ssh NAME` says it and the prompt shows it: a DNS label. */
  hostname: string;
  /** The learner's home on the server, kept. Made when missing; must be of this machine alone. */
  home: string;
  /** What lies in the home from its first day, by path in it: `charts/web/Chart.yaml`. A home that is there already is left as it is. */
  files?: Readonly<Record<string, string>>;
  /** Left out, the machine has neither kubectl nor a cluster, as the exam's `base`. */
  cluster?: ClusterAccess;
}

/** A machine that is made when it is first reached, and its cluster with it. */
export interface RemoteHostOptions extends Omit<HostOptions, 'cluster'> {
  /** Asked at each try to make the machine; rejecting makes this login fail, as a host that does not answer. */
  cluster?: ClusterAccess | (() => Promise<ClusterAccess>);
}

export interface MachineOptions extends HostOptions {
  /** 1-64 letters, digits, `-` or `_`; one machine of an id at a time. */
  id: string;
  /** Machines that `ssh` reaches from this one, each with its own files and cluster. Made when first reached. */
  hosts?: readonly RemoteHostOptions[];
  /** Told each limit that the learner runs into, as a sentence for them; they read it at the next prompt as well. */
  onLimit?: (sentence: string) => void;
}

export interface Machine {
  /** A login shell on a pseudo-terminal. */
  shell(size: TerminalSize): ShellProcess;
  /** A bash script without a terminal, in the home folder. */
  script(text: string): ScriptProcess;
  /** Ends all that runs; the homes stay. */
  close(): Promise<void>;
}

export interface ShellProcess {
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Called once, after the last data. */
  onExit(listener: (exit: { exitCode: number; signal: number }) => void): void;
  /** False when there is no room for the bytes; then none of them is taken. */
  write(data: Uint8Array): boolean;
  resize(size: TerminalSize): void;
  /** Holds back output, and with it the programs that write it. */
  pause(): void;
  resume(): void;
  /** Kills the shell with all it started. */
  kill(): void;
}

export interface ScriptProcess {
  stdout: Readable;
  stderr: Readable;
  /** The exit code as bash gives it, 128 + signal for a script that a signal ended; after both streams have ended. Rejects when it could not be started. */
  ended: Promise<number>;
  /** Kills the script with all it started. */
  kill(): void;
}
