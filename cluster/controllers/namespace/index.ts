/** Namespaces on their way out: removes what they hold, pods first, and then lets go of them. */
import { StatusError } from '../../api/status.ts';
import type { KubeObject, Namespace, Pod } from '../../api/types.ts';
import { resourceName, resources } from '../../schema/resources.ts';
import { customResources } from '../../custom-resources/index.ts';
import type { Client, ResourceName } from '../../store/client.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespaceConditions, type Remains } from './conditions.ts';

const FINALIZER = 'kubernetes';
/** Seconds that finalizers are given before another look. */
const FINALIZER_ESTIMATE = 15;

/** What a namespace can hold and a client can delete, as discovery lists it. */
const CONTENTS: readonly ResourceName[] = [
  ...new Set(resources.filter((info) => info.namespaced && info.verbs.includes('delete')).map(resourceName)),
];

const customContents = (client: Client): ResourceName[] =>
  [...customResources(client).byName].filter(([, { info }]) => info.namespaced).map(([name]) => name);

/** Milliseconds between what is heard of a namespace and the look at it: all servers should know by then that it goes. */
const GRACE_MS = 5 * 1000;

/** When a namespace that goes is looked at, in milliseconds since 1970, by name. Lost with the process, as a real queue is. */
const looks = new WeakMap<ControllerContext, Map<string, number>>();

function looksOf(context: ControllerContext): Map<string, number> {
  const known = looks.get(context) ?? new Map<string, number>();
  looks.set(context, known);
  return known;
}

export const namespace: Controller = {
  name: 'namespace-controller',
  // of what is in it the controller hears nothing: it only looks again
  watches: { namespaces: ({ object }) => [object.metadata.name] },
  reconcile,
};

function reconcile(name: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const times = looksOf(context);
  const current = client.get<Namespace>('namespaces', '', name);
  if (current?.metadata.deletionTimestamp === undefined) {
    times.delete(name);
    return undefined;
  }
  const now = clock.now();
  const before = times.get(name);
  if (before !== undefined && before <= now) {
    times.delete(name);
    const wait = empty(current, context);
    // its own writes are heard of, too, and may bring the next look sooner
    if (wait !== undefined) times.set(name, now + wait);
    return wait === undefined ? undefined : { afterMs: wait };
  }
  const next = Math.min(before ?? Infinity, now + GRACE_MS);
  times.set(name, next);
  return { afterMs: next - now };
}

/** Removes what the namespace holds, then lets go of it. Returns the milliseconds until the next look; undefined: none is needed. */
function empty(namespace: Namespace, context: ControllerContext): number | undefined {
  const { client } = context;
  let current = namespace;
  const { name } = current.metadata;
  if (current.status?.phase !== 'Terminating') {
    current = client.updateStatus('namespaces', { ...current, status: { ...current.status, phase: 'Terminating' } });
  }
  const finalizers = current.spec?.finalizers ?? [];
  if (finalizers.length === 0) return undefined;

  const pods = removeAll(context, 'pods', name);
  const remains: Remains = { resources: new Map(), finalizers: new Map(), refusals: [...pods.refusals] };
  let estimate = pods.estimate;
  if (pods.left.length === 0) {
    for (const resource of [...CONTENTS, ...customContents(client)]) {
      if (resource === 'pods') continue;
      const { left, refusals } = removeAll(context, resource, name);
      remains.refusals.push(...refusals);
      if (left.length === 0) continue;
      remains.resources.set(resource, left.length);
      for (const finalizer of left.flatMap((object) => object.metadata.finalizers ?? [])) {
        remains.finalizers.set(finalizer, (remains.finalizers.get(finalizer) ?? 0) + 1);
      }
      estimate = Math.max(estimate, FINALIZER_ESTIMATE);
    }
  }
  const status = { ...current.status, ...namespaceConditions(current, remains, context.clock) };
  current = client.updateStatus<Namespace>('namespaces', { ...current, status });
  if (estimate > 0 || pods.left.length > 0 || remains.refusals.length > 0) {
    return (Math.floor(estimate / 2) + 1) * 1000;
  }
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  client.updateSubresource<Namespace>('namespaces', 'finalize', {
    ...current,
    spec: { ...current.spec, finalizers: others },
  });
  return undefined;
}

interface Removal {
  left: readonly KubeObject[];
  refusals: StatusError[];
  /** Seconds after which what is left should be gone. */
  estimate: number;
}

function removeAll({ client }: ControllerContext, resource: ResourceName, namespace: string): Removal {
  const refusals: StatusError[] = [];
  const before = client.list<Pod>(resource, namespace);
  const grace = resource === 'pods' ? gracePeriod(before) : 0;
  for (const { metadata } of before) {
    try {
      client.delete(resource, namespace, metadata.name, { propagationPolicy: 'Background' });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      refusals.push(error);
    }
  }
  const left = client.list(resource, namespace);
  const held = left.some((object) => (object.metadata.finalizers ?? []).length > 0);
  return { left, refusals, estimate: left.length === 0 ? 0 : grace || (held ? FINALIZER_ESTIMATE : 0) };
}

/** The longest time that the pods still running may take. */
const gracePeriod = (pods: readonly Pod[]): number =>
  Math.max(
    0,
    ...pods
      .filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed')
      .map((pod) => pod.spec?.terminationGracePeriodSeconds ?? 0),
  );
