/** How a container runs and ends: the instance behind its status, and what that has done. */
import { timeText } from '../api/time.ts';
import type { Container, ContainerStatus, Service } from '../api/types.ts';
import { hostAddress } from './address.ts';
import { toText } from './files/file-tree.ts';
import type { Image } from './images.ts';
import { predict, type Outcome } from './process.ts';
import type { Instance } from './runtime/instance.ts';
import type { ContainerRole, Work } from './work.ts';

/** Shown as the start of a container that could not be started. */
export const EPOCH = '1970-01-01T00:00:00Z';
/** Bytes of a termination message, and of output in its place. */
const LONGEST_MESSAGE = 4096;
const LONGEST_FALLBACK = 2048;

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';
export type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

export interface Place {
  role: ContainerRole;
  restartPolicy: RestartPolicy;
  /** What a container that has not begun waits for. */
  waitingFor: 'ContainerCreating' | 'PodInitializing';
}

export const bareId = (containerID: string): string => containerID.replace('containerd://', '');

export function startInstance(
  { runtime, pod, node, podIP }: Work,
  container: Container,
  image: Image,
  { id, startedAt }: { id: string; startedAt: number },
): Instance | string {
  return runtime.start({ pod, node, podIP, hostIP: hostAddress(node), container, image, id, startedAt });
}

/** The running container of a status; one that the runtime has lost (a restored cluster) lives through its life again. */
export function instanceOf(
  work: Work,
  container: Container,
  status: ContainerStatus,
  image: Image,
): Instance | undefined {
  const id = bareId(status.containerID ?? '');
  const known = work.runtime.get(id);
  if (known !== undefined || id === '') return known;
  const startedAt = Date.parse(status.state?.running?.startedAt ?? EPOCH);
  const revived = work.runtime.revive(work.now, () => startInstance(work, container, image, { id, startedAt }));
  return typeof revived === 'string' ? undefined : revived;
}

/** What a container does, as far as it has done it. */
export function outcomeOf(work: Work, container: Container, image: Image): Outcome {
  const predicted = predict(container, image, (host) => resolves(work, host));
  const instance = work.runtime.history(work.pod.metadata.uid ?? '', container.name).at(-1);
  if (predicted.kind === 'unstartable' || instance === undefined || predicted.reason !== undefined) return predicted;
  const { process, listeners, startedAt, log } = instance;
  return {
    kind: 'runs',
    ms: process.ended === undefined ? Infinity : process.ended.at - startedAt,
    exitCode: process.ended?.code ?? 0,
    stopsOnSignal: predicted.stopsOnSignal,
    files: [],
    output: log.tail(80),
    listens: [...listeners.keys()],
    waits: false,
  };
}

/** Services are found by name; names outside the cluster are taken to exist. */
function resolves({ context, pod }: Work, host: string): boolean {
  if (/^[\d.]+$/.test(host) || host === 'localhost') return true;
  const [name = '', namespace = pod.metadata.namespace ?? '', kind] = host.split('.');
  if (context.client.get<Service>('services', namespace, name) !== undefined) return true;
  return host.includes('.') && kind !== 'svc' && context.client.get('namespaces', '', namespace) === undefined;
}

export function end(
  work: Work,
  status: ContainerStatus,
  finishedAt: number,
  exitCode: number,
  reason = exitCode === 0 ? 'Completed' : 'Error',
  message = '',
): ContainerStatus {
  work.runtime.stop(bareId(status.containerID ?? ''), finishedAt, exitCode);
  const terminated = {
    ...(status.containerID === undefined ? {} : { containerID: status.containerID }),
    exitCode,
    reason,
    ...(message === '' ? {} : { message }),
    startedAt: status.state?.running?.startedAt ?? timeText(work.now),
    finishedAt: timeText(finishedAt),
  };
  return { ...status, ready: false, started: false, state: { terminated } };
}

/** What the container left in its termination log, or printed where that counts instead. */
export function lastWords(
  container: Container,
  outcome: Outcome & { kind: 'runs' },
  instance: Instance | undefined,
): string {
  const root = instance?.termination.root;
  const written = root?.kind === 'file' ? toText(root.data).slice(0, LONGEST_MESSAGE) : '';
  const fallsBack = container.terminationMessagePolicy === 'FallbackToLogsOnError' && outcome.exitCode !== 0;
  return written === '' && fallsBack ? toText(outcome.output).slice(-LONGEST_FALLBACK) : written;
}

/** Exit code of a container that is stopped: one that takes no notice is killed when its grace is over. */
export const stopCode = (outcome: Outcome): number => (outcome.kind === 'runs' && outcome.stopsOnSignal ? 0 : 137);
