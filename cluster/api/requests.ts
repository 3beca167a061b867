/** What pods ask for and nodes have, as plain numbers: thousandths of a cpu, bytes or pieces of everything else. */
import { podRequests } from './pods.ts';
import { parseQuantity, type Quantity } from './quantity.ts';
import type { Node, Pod, PodSpec } from './types.ts';

export type Requests = Readonly<Record<string, number>>;

/** What a container that asks for nothing is taken to use when nodes are scored: 0.1 cpu and 200 MiB. */
const SPARE: Requests = { cpu: 100, memory: 200 * 1024 * 1024 };

const amountOf = (resource: string, quantity: Quantity): number =>
  resource === 'cpu' ? quantity.milliValue() : quantity.value();

// Objects in the store never change, so what was worked out for one stays true.
const requests = new WeakMap<Pod, Requests>();
const spare = new WeakMap<Pod, Requests>();
const allocatable = new WeakMap<Node, Requests>();

function remember<K extends object>(memory: WeakMap<K, Requests>, key: K, compute: () => Requests): Requests {
  const known = memory.get(key);
  if (known) return known;
  const computed = compute();
  memory.set(key, computed);
  return computed;
}

export const requestsOf = (pod: Pod): Requests =>
  remember(requests, pod, () =>
    Object.fromEntries([...podRequests(pod)].map(([name, quantity]) => [name, amountOf(name, quantity)])),
  );

/** cpu and memory only. */
export const spareRequestsOf = (pod: Pod): Requests =>
  remember(spare, pod, () => {
    const filled = { ...pod, spec: pod.spec && withSpare(pod.spec) };
    const all = podRequests(filled);
    const of = (name: string) => {
      const quantity = all.get(name);
      return quantity ? amountOf(name, quantity) : 0;
    };
    return { cpu: of('cpu'), memory: of('memory') };
  });

type Containers = PodSpec['containers'];
function withSpare(spec: PodSpec): PodSpec {
  const fill = (containers: Containers): Containers =>
    containers.map((container) => ({
      ...container,
      resources: {
        ...container.resources,
        requests: { cpu: `${SPARE['cpu']}m`, memory: String(SPARE['memory']), ...container.resources?.requests },
      },
    }));
  return {
    ...spec,
    containers: fill(spec.containers),
    ...(spec.initContainers ? { initContainers: fill(spec.initContainers) } : {}),
  };
}

export const allocatableOf = (node: Node): Requests =>
  remember(allocatable, node, () => {
    const amounts: Record<string, number> = {};
    for (const [name, text] of Object.entries(node.status?.allocatable ?? {})) {
      const quantity = parseQuantity(text);
      if (quantity) amounts[name] = amountOf(name, quantity);
    }
    return amounts;
  });
