/** What a pod asks for and how it stands: shared by quota, scheduler, controllers and describe. */
import { quantity, type Quantity } from './quantity.ts';
import type { KubeObject, OwnerReference, Pod, PodSpec } from './types.ts';

export type Amounts = Map<string, Quantity>;
type Written = Readonly<Record<string, string>> | undefined;
type Kind = 'requests' | 'limits';
/** Quota and templates have a spec without a pod around it. */
export interface PodLike {
  spec?: PodSpec;
}

export const amounts = (written: Written): Amounts =>
  new Map(Object.entries(written ?? {}).map(([name, text]) => [name, quantity(text)]));

export function addAmounts(sum: Amounts, more: Amounts): void {
  for (const [name, amount] of more) sum.set(name, sum.get(name)?.add(amount) ?? amount);
}
export function maxAmounts(most: Amounts, other: Amounts): void {
  for (const [name, amount] of other) {
    const current = most.get(name);
    if (!current || amount.cmp(current) > 0) most.set(name, amount);
  }
}

/** Pod-level resources may name these only. */
const POD_LEVEL = (name: string) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

/**
 * Containers run together with the sidecars (init containers that restart always); an init container runs alone with the
 * sidecars started before it. The pod needs the most of these at any time.
 */
function ofContainers(spec: PodSpec | undefined, kind: Kind): Amounts {
  const sum: Amounts = new Map();
  for (const container of spec?.containers ?? []) addAmounts(sum, amounts(container.resources?.[kind]));
  const sidecars: Amounts = new Map();
  const startup: Amounts = new Map();
  for (const container of spec?.initContainers ?? []) {
    const own = amounts(container.resources?.[kind]);
    if (container.restartPolicy === 'Always') {
      addAmounts(sum, own);
      addAmounts(sidecars, own);
      maxAmounts(startup, sidecars);
    } else {
      addAmounts(own, sidecars);
      maxAmounts(startup, own);
    }
  }
  maxAmounts(sum, startup);
  return sum;
}

function replacePodLevel(sum: Amounts, written: Written): void {
  for (const [name, amount] of amounts(written)) if (POD_LEVEL(name)) sum.set(name, amount);
}

/** Overhead included. */
export function podRequests(pod: PodLike): Amounts {
  const sum = ofContainers(pod.spec, 'requests');
  replacePodLevel(sum, pod.spec?.resources?.requests);
  addAmounts(sum, amounts(pod.spec?.overhead));
  return sum;
}

/** Overhead included where there is a limit. */
export function podLimits(pod: PodLike): Amounts {
  const sum = ofContainers(pod.spec, 'limits');
  replacePodLevel(sum, pod.spec?.resources?.limits);
  for (const [name, amount] of amounts(pod.spec?.overhead)) {
    const limit = sum.get(name);
    if (limit && !limit.isZero()) sum.set(name, limit.add(amount));
  }
  return sum;
}

/** Of cpu and memory, those asked for with more than zero. */
const computeAmounts = (written: Written): Amounts =>
  new Map([...amounts(written)].filter(([name, amount]) => (name === 'cpu' || name === 'memory') && amount.sign() > 0));

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** As the pod's spec makes it, whatever its status says. */
export function qosClass(pod: PodLike): QosClass {
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  const { resources, containers, initContainers = [] }: PodSpec = pod.spec ?? { containers: [] };
  const parts = resources ? [resources] : [...containers, ...initContainers].map((container) => container.resources);
  let limited = true;
  for (const part of parts) {
    addAmounts(requests, computeAmounts(part?.requests));
    const own = computeAmounts(part?.limits);
    addAmounts(limits, own);
    if (own.size < 2) limited = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const same = [...requests].every(([name, amount]) => limits.get(name)?.cmp(amount) === 0);
  return limited && same && requests.size === limits.size ? 'Guaranteed' : 'Burstable';
}

export const podCondition = (pod: Pod, type: string) =>
  pod.status?.conditions?.find((condition) => condition.type === type);
export const isPodReady = (pod: Pod): boolean => podCondition(pod, 'Ready')?.status === 'True';
/** Succeeded or failed: its containers will not run again. */
export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
/** The owner that manages the object; there is at most one. */
export function controllerOf({ metadata: { ownerReferences } }: KubeObject): OwnerReference | undefined {
  if (ownerReferences) for (const owner of ownerReferences) if (owner.controller === true) return owner;
  return undefined;
}
