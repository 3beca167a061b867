/** Which pods are missing and which are too many, node by node. */
import { isPodReady } from '../../api/pods.ts';
import type { DaemonSet, Node, Pod } from '../../api/types.ts';
import type { ControllerContext } from '../controller.ts';
import { isAvailable } from '../owned-pods.ts';
import { REVISION_HASH_LABEL } from '../revisions.ts';
import { fits } from './nodes.ts';
import { surgeOf, type Steps } from './rolling.ts';

export const COMPONENT = 'daemonset-controller';

const PHASE_ORDER: Record<string, number> = { Running: 0, Pending: 1 };
/** Oldest first; of the same age, running ones first. */
export const byAge = (a: Pod, b: Pod): number => {
  const [one, other] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (one !== other) return one < other ? -1 : 1;
  const phase = (pod: Pod) => PHASE_ORDER[pod.status?.phase ?? 'Pending'] ?? 2;
  return phase(a) - phase(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
};

export interface ManageSteps extends Steps {
  /** Milliseconds until a failed pod that was left alone may be removed. */
  retryMs: number | undefined;
}

/** Milliseconds: the first wait after a pod on a node was removed because it had failed, and the longest. */
const BACKOFF_FIRST = 1000;
const BACKOFF_LAST = 15 * 60_000;

interface Backoff {
  wait: number;
  /** Milliseconds since 1970. */
  since: number;
}
/** By set, its generation and node: a node that turns pods away would else be asked again at once. Lost with the process. */
const backoffs = new WeakMap<ControllerContext, Map<string, Backoff>>();

/** Milliseconds to leave a failed pod on the node alone; 0: it may be removed now, and the next one waits longer. */
function failedBackoff(context: ControllerContext, { metadata }: DaemonSet, node: string): number {
  const known = backoffs.get(context) ?? new Map<string, Backoff>();
  backoffs.set(context, known);
  const key = `${metadata.uid}/${metadata.generation}/${node}`;
  const now = context.clock.now();
  const last = known.get(key);
  const fresh = last === undefined || now - last.since > 2 * BACKOFF_LAST;
  if (!fresh && now - last.since < last.wait) return last.wait;
  known.set(key, { wait: fresh ? BACKOFF_FIRST : Math.min(last.wait * 2, BACKOFF_LAST), since: now });
  return 0;
}

export function manageSteps(
  context: ControllerContext,
  set: DaemonSet,
  nodes: readonly Node[],
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
  hash: string,
): ManageSteps {
  const steps: ManageSteps = { remove: [], create: [], retryMs: undefined };
  const known = new Set(nodes.map((node) => node.metadata.name));
  for (const node of nodes) {
    const pods = podsByNode.get(node.metadata.name) ?? [];
    const { run, stay } = fits(set, node);
    if (run && pods.length === 0) steps.create.push(node.metadata.name);
    else if (stay) prune(context, set, node, pods, hash, run, steps);
    else steps.remove.push(...pods.filter((pod) => pod.metadata.deletionTimestamp === undefined));
  }
  for (const [node, pods] of podsByNode) {
    // pods meant for a node that is gone are never scheduled, and nobody else removes them
    if (!known.has(node)) steps.remove.push(...pods.filter((pod) => !pod.spec?.nodeName));
  }
  return steps;
}

function prune(
  context: ControllerContext,
  set: DaemonSet,
  node: Node,
  pods: readonly Pod[],
  hash: string,
  run: boolean,
  steps: ManageSteps,
): void {
  const running: Pod[] = [];
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const { namespace, name } = pod.metadata;
    if (pod.status?.phase === 'Failed') {
      const wait = failedBackoff(context, set, node.metadata.name);
      if (wait > 0) {
        steps.retryMs = Math.min(wait, steps.retryMs ?? wait);
        continue;
      }
      const message = `Found failed daemon pod ${namespace}/${name} on node ${node.metadata.name}, will try to kill it`;
      context.events.event(COMPONENT, { regarding: set, type: 'Warning', reason: 'FailedDaemonPod', message });
      steps.remove.push(pod);
    } else if (pod.status?.phase === 'Succeeded') {
      const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node.metadata.name}, will try to delete it`;
      context.events.event(COMPONENT, { regarding: set, type: 'Normal', reason: 'SucceededDaemonPod', message });
      steps.remove.push(pod);
    } else running.push(pod);
  }
  running.sort(byAge);
  if (surgeOf(set, 1) === 0) {
    steps.remove.push(...running.slice(1));
    return;
  }
  if (running.length === 0 && run) steps.create.push(node.metadata.name);
  if (running.length <= 1) return;
  const isNew = (pod: Pod) => pod.metadata.labels?.[REVISION_HASH_LABEL] === hash;
  const updated = running.find(isNew);
  const old = running.find((pod) => !isNew(pod));
  steps.remove.push(...running.filter((pod) => pod !== updated && pod !== old));
  if (updated === undefined || old === undefined) return;
  const enough = isAvailable(updated, set.spec?.minReadySeconds, context.clock.now());
  if (!isPodReady(old) || enough) steps.remove.push(old);
}
