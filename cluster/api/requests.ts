/** What pods ask for and nodes have, as plain numbers: thousandths of a cpu, bytes or pieces of everything else. */
import { equal } from './merge.ts';
import { amounts, maxAmounts, podRequests, type Amounts } from './pods.ts';
import { parseQuantity, type Quantity } from './quantity.ts';
import type { ContainerStatus, Node, Pod, PodSpec } from './types.ts';

export type Requests = Readonly<Record<string, number>>;

/** What a container that asks for nothing is taken to use when nodes are scored: 0.1 cpu and 200 MiB. */
const SPARE = [
  ['cpu', '100m'],
  ['memory', '200Mi'],
] as const;

const amountOf = (resource: string, quantity: Quantity): number =>
  resource === 'cpu' ? quantity.milliValue() : quantity.value();

// Objects in the store never change, so what was worked out for one stays true. A pod whose resources are what its spec says
// (all but those that are resized) is found by that, which the versions of a pod share: most of them differ in the status only.
const requests = new WeakMap<Pod | PodSpec, Requests>();
const spare = new WeakMap<Pod | PodSpec, Requests>();
const scored = new WeakMap<Pod | PodSpec, Requests>();
const allocatable = new WeakMap<Node, Requests>();

const keyOf = (pod: Pod): Pod | PodSpec => (pod.spec && isAsSaid(pod) ? pod.spec : pod);

function remember<K extends object>(memory: WeakMap<K, Requests>, key: K, compute: () => Requests): Requests {
  const known = memory.get(key);
  if (known) return known;
  const computed = compute();
  memory.set(key, computed);
  return computed;
}

const asNumbers = (amounts: Amounts): Requests =>
  Object.fromEntries([...amounts].map(([name, quantity]) => [name, amountOf(name, quantity)]));

export const requestsOf = (pod: Pod): Requests =>
  remember(requests, keyOf(pod), () => asNumbers(podRequests(inEffect(pod))));

/** cpu and memory only, as a node's sums of them count in scores. */
export const spareRequestsOf = (pod: Pod): Requests =>
  remember(spare, keyOf(pod), () => {
    const effective = inEffect(pod);
    const asked = requestsOf(pod);
    // what is said of the pod as a whole needs no guess for its containers
    const missing = (name: string) => !hasPodLevelRequests(pod) || asked[name] === undefined;
    return computeOnly(podRequests(withSpare(effective, missing)));
  });

/** All resources, as those of a pod to be placed count in scores: what is said of the pod as a whole does not. */
export const scoredRequestsOf = (pod: Pod): Requests =>
  remember(scored, pod.spec ?? pod, () => {
    const { resources: _resources, ...spec }: PodSpec = { containers: [], ...pod.spec };
    return asNumbers(podRequests(withSpare({ ...pod, spec }, () => true)));
  });

const computeOnly = (amounts: Amounts): Requests => {
  const of = (name: string) => {
    const quantity = amounts.get(name);
    return quantity ? amountOf(name, quantity) : 0;
  };
  return { cpu: of('cpu'), memory: of('memory') };
};

const hasPodLevelRequests = ({ spec }: Pod): boolean =>
  Object.keys(spec?.resources?.requests ?? {}).some(
    (name) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-'),
  );

type Containers = PodSpec['containers'];
function withSpare(pod: Pod, missing: (name: string) => boolean): Pod {
  const { spec } = pod;
  if (!spec) return pod;
  const guess = Object.fromEntries(SPARE.filter(([name]) => missing(name)));
  const fill = (containers: Containers): Containers =>
    containers.map((container) => ({
      ...container,
      resources: { ...container.resources, requests: { ...guess, ...container.resources?.requests } },
    }));
  const filled = {
    ...spec,
    containers: fill(spec.containers),
    ...(spec.initContainers ? { initContainers: fill(spec.initContainers) } : {}),
  };
  return { ...pod, spec: filled };
}

/** Whether nothing is granted or used but what the spec asks for. */
function isAsSaid({ spec, status }: Pod): boolean {
  if (!spec || !status) return true;
  const asSaid = ({ name, resources, allocatedResources }: ContainerStatus): boolean => {
    if (!resources) return true;
    const named = (one: Containers[number]) => one.name === name;
    const asked = (spec.containers.find(named) ?? spec.initContainers?.find(named))?.resources?.requests ?? {};
    return equal(asked, allocatedResources ?? {}) && equal(asked, resources.requests ?? {});
  };
  return (status.containerStatuses ?? []).every(asSaid) && (status.initContainerStatuses ?? []).every(asSaid);
}

/** While a resize is under way the most of what is asked for, what is granted and what is in use counts; of one that can't be, not what is asked for. */
function inEffect(pod: Pod): Pod {
  const { spec, status } = pod;
  if (!spec || isAsSaid(pod)) return pod;
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const infeasible = (status?.conditions ?? []).some(
    ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
  );
  const resize = (containers: Containers): Containers =>
    containers.map((container) => {
      const own = statuses.find(({ name }) => name === container.name);
      if (!own?.resources) return container;
      const asked = container.resources?.requests;
      const [granted, used] = [own.allocatedResources, own.resources.requests];
      if (equal(asked ?? {}, granted ?? {}) && equal(asked ?? {}, used ?? {})) return container;
      const most = amounts(used);
      maxAmounts(most, amounts(granted));
      if (!infeasible) maxAmounts(most, amounts(asked));
      const effective = Object.fromEntries([...most].map(([name, quantity]) => [name, quantity.toString()]));
      return { ...container, resources: { ...container.resources, requests: effective } };
    });
  const sidecar = ({ restartPolicy }: Containers[number]) => restartPolicy === 'Always';
  return {
    ...pod,
    spec: {
      ...spec,
      containers: resize(spec.containers),
      ...(spec.initContainers
        ? { initContainers: spec.initContainers.map((one) => (sidecar(one) ? (resize([one])[0] ?? one) : one)) }
        : {}),
    },
  };
}

export const allocatableOf = (node: Node): Requests =>
  remember(allocatable, node, () => {
    const all: Record<string, number> = {};
    for (const [name, text] of Object.entries(node.status?.allocatable ?? {})) {
      const quantity = parseQuantity(text);
      if (quantity) all[name] = amountOf(name, quantity);
    }
    return all;
  });
