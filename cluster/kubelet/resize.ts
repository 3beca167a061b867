/** Changing what a running container may use: done at once, put off, or never possible on this node. */
import { isTerminal, podRequests } from '../api/pods.ts';
import { parseQuantity } from '../api/quantity.ts';
import { equal } from '../api/merge.ts';
import type { ContainerStatus, Pod, PodCondition } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import type { Work } from './work.ts';

const PENDING = 'PodResizePending';
const COMPUTE = ['cpu', 'memory'] as const;

interface Refusal {
  reason: 'Infeasible' | 'Deferred';
  message: string;
}

/** Why the node can't give the pod what its spec now asks for. */
function refusalOf({ context, pod, node }: Work): Refusal | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const others = context.client
    .list<Pod>('pods')
    .filter((other) => other.spec?.nodeName === node.metadata.name && other.metadata.uid !== pod.metadata.uid)
    .filter((other) => !isTerminal(other));
  for (const resource of COMPUTE) {
    const amount = (of: { value(): number; milliValue(): number } | undefined) =>
      of === undefined ? 0 : resource === 'cpu' ? of.milliValue() : of.value();
    const requested = amount(podRequests(pod).get(resource));
    const capacity = amount(parseQuantity(allocatable[resource] ?? '0'));
    if (requested > capacity) {
      const message = `Node didn't have enough capacity: ${resource}, requested: ${requested}, capacity: ${capacity}`;
      return { reason: 'Infeasible', message };
    }
    const used = others.reduce((sum, other) => sum + amount(podRequests(other).get(resource)), 0);
    if (requested + used > capacity) {
      const message = `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
      return { reason: 'Deferred', message };
    }
  }
  return undefined;
}

export interface Resized {
  statuses: ContainerStatus[];
  conditions: PodCondition[];
}

/** Brings the running containers to what the spec says, or says why not. */
export function resize(work: Work, statuses: ContainerStatus[], conditions: PodCondition[]): Resized {
  const { pod, now } = work;
  const without = conditions.filter((condition) => condition.type !== PENDING);
  const wanted = (status: ContainerStatus) => {
    const { requests, limits } = pod.spec?.containers.find((one) => one.name === status.name)?.resources ?? {};
    return { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
  };
  const differs = (status: ContainerStatus) => status.state?.running && !equal(status.resources ?? {}, wanted(status));
  if (!statuses.some(differs)) return { statuses, conditions: without };
  const refusal = refusalOf(work);
  if (refusal !== undefined) {
    const before = conditions.find((condition) => condition.type === PENDING);
    const condition: PodCondition = {
      type: PENDING,
      status: 'True',
      ...refusal,
      // always there and never filled in
      lastProbeTime: null as unknown as string,
      lastTransitionTime: before?.lastTransitionTime ?? timeText(now),
      ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    };
    return { statuses, conditions: [condition, ...without] };
  }
  return {
    statuses: statuses.map((status) => {
      if (!differs(status)) return status;
      const resources = wanted(status);
      const { allocatedResources: _before, ...rest } = status;
      return {
        ...rest,
        resources,
        ...(resources.requests === undefined ? {} : { allocatedResources: resources.requests }),
      };
    }),
    conditions: without,
  };
}
