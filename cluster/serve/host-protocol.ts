/** What the host and its workers say to each other. */
import type { SetupStep } from '../setup.ts';
import type { Trial, TrialStep } from '../trial.ts';
import type { ClusterState, CreateOptions } from './host.ts';
import type { ConsoleRequest } from './node-console.ts';
import type { Change } from './served-cluster.ts';

export interface Methods {
  create: {
    argument: Omit<CreateOptions, 'onChange'> & { path: string; server: string };
    result: { kubeconfig: string };
  };
  state: { argument: undefined; result: ClusterState };
  snapshot: { argument: undefined; result: Uint8Array };
  /** A snapshot from which the journal goes on. */
  store: { argument: undefined; result: Uint8Array };
  /** The last one is on disk. */
  stored: { argument: undefined; result: void };
  unstored: { argument: undefined; result: { journalBytes: number; files: boolean } };
  reset: { argument: Uint8Array; result: void };
  setup: { argument: readonly SetupStep[]; result: void };
  tryOut: { argument: { steps: readonly TrialStep[]; from?: Uint8Array }; result: Trial };
  settle: { argument: undefined; result: void };
  pass: { argument: number; result: void };
  console: { argument: ConsoleRequest; result: unknown };
  /** From then on it is told of changes on that node's disk. */
  watchDisk: { argument: string; result: void };
  close: { argument: undefined; result: void };
}

export type ToWorker = {
  [M in keyof Methods]: { id: number; method: M; cluster: string; argument: Methods[M]['argument'] };
}[keyof Methods];

export type FromWorker =
  | { id: number; result?: unknown; error?: string }
  | { fault: string }
  | { cluster: string; change: Change }
  /** Whether the API server takes connections. */
  | { cluster: string; listens: boolean }
  /** Something on the disk of that node has changed. */
  | { cluster: string; disk: string };
