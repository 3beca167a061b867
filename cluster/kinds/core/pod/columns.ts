/** A pod's row: READY, STATUS and RESTARTS are drawn from what its containers do. */
import type { ContainerStatus, Pod } from '../../../api/types.ts';
import type { Cell, KindContext } from '../../kind.ts';
import { age, ago } from '../../pod-spec/columns.ts';

interface Summary {
  reason: string;
  ready: number;
  restarts: number;
  /** When a container last ended before it was restarted. */
  lastRestart: string | undefined;
}

const later = (a: string | undefined, b: string | undefined) =>
  a === undefined || (b !== undefined && Date.parse(b) > Date.parse(a)) ? b : a;
const lastEnd = (status: ContainerStatus) => status.lastState?.terminated?.finishedAt;
const condition = (pod: Pod, type: string) => pod.status?.conditions?.find((one) => one.type === type);

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;
const endText = ({ reason, signal, exitCode }: Terminated): string =>
  reason ? reason : signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;

/** Init containers run one after another: the first that is neither done nor a started sidecar tells how far it got. */
function initialization(pod: Pod, isSidecar: (name: string) => boolean, summary: Summary) {
  const total = pod.spec?.initContainers?.length ?? 0;
  const sidecars: Pick<Summary, 'restarts' | 'lastRestart'> = { restarts: 0, lastRestart: undefined };
  for (const [position, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const { terminated, waiting } = status.state ?? {};
    summary.restarts += status.restartCount;
    summary.lastRestart = later(summary.lastRestart, lastEnd(status));
    if (isSidecar(status.name)) {
      sidecars.restarts += status.restartCount;
      sidecars.lastRestart = later(sidecars.lastRestart, lastEnd(status));
    }
    if (terminated?.exitCode === 0) continue;
    if (isSidecar(status.name) && status.started) {
      if (status.ready) summary.ready += 1;
      continue;
    }
    if (terminated) summary.reason = `Init:${endText(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') summary.reason = `Init:${waiting.reason}`;
    else summary.reason = `Init:${position}/${total}`;
    return { initializing: true, sidecars };
  }
  return { initializing: false, sidecars };
}

/** From the last container to the first, so that the first one's trouble is what shows. */
function running(pod: Pod, summary: Summary): void {
  let hasRunning = false;
  let failure = '';
  for (const status of (pod.status?.containerStatuses ?? []).toReversed()) {
    const { waiting, terminated, running: runs } = status.state ?? {};
    summary.restarts += status.restartCount;
    summary.lastRestart = later(summary.lastRestart, lastEnd(status));
    if (waiting?.reason) summary.reason = waiting.reason;
    else if (terminated) {
      summary.reason = endText(terminated);
      if (terminated.exitCode !== 0) failure = summary.reason;
    } else if (status.ready && runs) {
      hasRunning = true;
      summary.ready += 1;
    }
  }
  if (summary.reason !== 'Completed') return;
  if (hasRunning && condition(pod, 'Ready')?.status === 'True') summary.reason = 'Running';
  else if (failure !== '') summary.reason = failure;
  else if (hasRunning) summary.reason = 'NotReady';
}

function summarize(pod: Pod): Summary & { total: number } {
  const sidecarNames = new Set(
    (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map(({ name }) => name),
  );
  const phase = pod.status?.phase ?? '';
  const gated = pod.status?.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  const summary: Summary = {
    reason: gated ? 'SchedulingGated' : pod.status?.reason || phase,
    ready: 0,
    restarts: 0,
    lastRestart: undefined,
  };
  const { initializing, sidecars } = initialization(pod, (name) => sidecarNames.has(name), summary);
  if (!initializing || condition(pod, 'Initialized')?.status === 'True') {
    Object.assign(summary, sidecars);
    running(pod, summary);
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (pod.status?.reason === 'NodeLost') summary.reason = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') summary.reason = 'Terminating';
  }
  return { ...summary, total: (pod.spec?.containers?.length ?? 0) + sidecarNames.size };
}

/** What STATUS shows: `Running`, `Init:0/1`, `CrashLoopBackOff`, `Terminating`, ... */
export const podStatusText = (pod: Pod): string => summarize(pod).reason;

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter(({ conditionType }) => condition(pod, conditionType)?.status === 'True').length;
  return `${open}/${gates.length}`;
}

export function podCells(pod: Pod, { clock }: KindContext): Cell[] {
  const { ready, total, reason, restarts, lastRestart } = summarize(pod);
  const restartText =
    restarts !== 0 && lastRestart !== undefined
      ? `${restarts} (${ago(lastRestart, clock.now())} ago)`
      : String(restarts);
  return [
    pod.metadata.name,
    `${ready}/${total}`,
    reason,
    restartText,
    age(pod),
    pod.status?.podIPs?.[0]?.ip || '<none>',
    pod.spec?.nodeName || '<none>',
    pod.status?.nominatedNodeName || '<none>',
    readinessGates(pod),
  ];
}
