/** A node that runs short of memory: its condition, and which pods have to go. */
import { isTerminal } from '../api/pods.ts';
import { canonicalQuantity, parseQuantity } from '../api/quantity.ts';
import { timeText } from '../api/time.ts';
import type { Node, Pod } from '../api/types.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import { podsOn } from '../store/client.ts';
import { EVICTION_CHECK } from './eviction.ts';
import type { SimulatedRuntime } from './runtime/runtime.ts';
import { COMPONENT, type Memory } from './work.ts';

/** memory.available: bytes that a node keeps back. */
const THRESHOLD = 100 * 2 ** 20;
/** Milliseconds for which a condition stays after there is enough again. */
const TRANSITION = 5 * 60_000;
const PRESSED = { reason: 'KubeletHasInsufficientMemory', message: 'kubelet has insufficient memory available' };
const RELIEVED = { reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' };

const formatBytes = (bytes: number): string => canonicalQuantity(`${Math.ceil(bytes / 1024)}Ki`);

/** Looks at what the node has left. Returns when to look again: milliseconds since 1970, Infinity for not by itself. */
export function watchNode(context: ControllerContext, memory: Memory, runtime: SimulatedRuntime, node: Node): number {
  const now = context.clock.now();
  const { name } = node.metadata;
  const available = runtime.roomOn(name);
  const before = node.status?.conditions?.find(({ type }) => type === 'MemoryPressure');
  if (available < THRESHOLD) {
    memory.pressedAt.set(name, now);
    if (before?.status !== 'True') {
      setCondition(context, node, 'True');
      tellNode(
        context,
        node,
        'Normal',
        'NodeHasInsufficientMemory',
        `Node ${name} status is now: NodeHasInsufficientMemory`,
      );
    }
    tellNode(context, node, 'Warning', 'EvictionThresholdMet', 'Attempting to reclaim memory');
    evictOne(context, memory, runtime, node, available);
    return now + EVICTION_CHECK;
  }
  const since = memory.pressedAt.get(name);
  if (before?.status !== 'True') return Infinity;
  if (since !== undefined && now < since + TRANSITION) return Math.min(now + EVICTION_CHECK, since + TRANSITION);
  memory.pressedAt.delete(name);
  setCondition(context, node, 'False');
  tellNode(context, node, 'Normal', 'NodeHasSufficientMemory', `Node ${name} status is now: NodeHasSufficientMemory`);
  return Infinity;
}

function tellNode(
  { events }: ControllerContext,
  node: Node,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) {
  events.event(COMPONENT, { regarding: node, type, reason, message }, node.metadata.name);
}

function setCondition({ client, clock }: ControllerContext, node: Node, status: 'True' | 'False'): void {
  const at = timeText(clock.now());
  const conditions = (node.status?.conditions ?? []).map((one) =>
    one.type === 'MemoryPressure'
      ? { ...one, status, ...(status === 'True' ? PRESSED : RELIEVED), lastHeartbeatTime: at, lastTransitionTime: at }
      : one,
  );
  client.updateStatus<Node>('nodes', { ...node, status: { ...node.status, conditions } });
}

const requested = (pod: Pod, container: string): number =>
  parseQuantity(
    [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find(({ name }) => name === container)
      ?.resources?.requests?.['memory'] ?? '0',
  )?.value() ?? 0;

/** Those that use more than they asked for go first, then the least important, then those that use most beyond what they asked for. */
function evictOne(
  { client, events, clock }: ControllerContext,
  { lives }: Memory,
  runtime: SimulatedRuntime,
  node: Node,
  available: number,
): void {
  const ranked = podsOn(client, node.metadata.name)
    .filter((pod) => !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined && !isCritical(pod))
    .map((pod) => {
      const held = runtime.heldBy(pod.metadata.uid ?? '');
      const used = [...held.values()].reduce((sum, bytes) => sum + bytes, 0);
      const wanted = [...held.keys()].reduce((sum, name) => sum + requested(pod, name), 0);
      return { pod, held, used, over: used - wanted };
    })
    .toSorted(
      (a, b) =>
        Number(b.over > 0) - Number(a.over > 0) ||
        (a.pod.spec?.priority ?? 0) - (b.pod.spec?.priority ?? 0) ||
        b.over - a.over,
    );
  const [first] = ranked.filter(({ used }) => used > 0);
  const life = lives.get(first?.pod.metadata.uid ?? '');
  if (first === undefined || life === undefined || life.ending !== undefined) return;
  const { pod, held } = first;
  const parts = [...held]
    .filter(([name, bytes]) => bytes > requested(pod, name))
    .map(([name, bytes]) => {
      const container = pod.spec?.containers.find((one) => one.name === name);
      const asked = container?.resources?.requests?.['memory'] ?? '0';
      return `Container ${name} was using ${formatBytes(bytes)}, request is ${asked}, has larger consumption of memory. `;
    });
  const low = `The node was low on resource: memory. Threshold quantity: 100Mi, available: ${formatBytes(available)}. `;
  const message = low + parts.join('');
  events.event(COMPONENT, { regarding: pod, type: 'Warning', reason: 'Evicted', message }, node.metadata.name);
  life.ending = {
    reason: 'Evicted',
    message,
    grace: 1,
    condition: {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'TerminationByKubelet',
      message,
      lastProbeTime: null as unknown as string,
      lastTransitionTime: timeText(clock.now()),
      ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    },
  };
  life.stage = 'terminating';
  life.due = true;
}

/** Mirror pods and those whose priority is the system's. */
const isCritical = (pod: Pod): boolean =>
  pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined || (pod.spec?.priority ?? 0) >= 2_000_000_000;
