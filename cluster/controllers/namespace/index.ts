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

/** Milliseconds until the look after one that failed: the first, doubled each time, and the longest. */
const RETRY_FIRST_MS = 5;
const RETRY_LAST_MS = 60 * 1000;

interface Queue {
  /** When a namespace that goes is looked at, in milliseconds since 1970, by name. */
  times: Map<string, number>;
  /** How often that has failed, by name. */
  failures: Map<string, number>;
}
/** Lost with the process, as a real queue is. */
const queues = new WeakMap<ControllerContext, Queue>();

function queueOf(context: ControllerContext): Queue {
  const known = queues.get(context) ?? { times: new Map(), failures: new Map() };
  queues.set(context, known);
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
  const { times, failures } = queueOf(context);
  const current = client.get<Namespace>('namespaces', '', name);
  if (current?.metadata.deletionTimestamp === undefined) {
    times.delete(name);
    failures.delete(name);
    return undefined;
  }
  const now = clock.now();
  const before = times.get(name);
  if (before !== undefined && before <= now) {
    times.delete(name);
    const outcome = empty(current, context);
    let wait = outcome === FAILED ? undefined : outcome;
    if (outcome === FAILED) {
      const failed = failures.get(name) ?? 0;
      failures.set(name, failed + 1);
      wait = Math.min(RETRY_FIRST_MS * 2 ** failed, RETRY_LAST_MS);
    } else if (outcome === undefined) failures.delete(name);
    // its own writes are heard of, too, and may bring the next look sooner
    if (wait !== undefined) times.set(name, now + wait);
    return wait === undefined ? undefined : { afterMs: wait };
  }
  const next = Math.min(before ?? Infinity, now + GRACE_MS);
  times.set(name, next);
  return { afterMs: next - now };
}

const FAILED = 'failed';

/** Removes what the namespace holds, then lets go of it. Returns the milliseconds until the next look; undefined: none is needed. */
function empty(namespace: Namespace, context: ControllerContext): number | typeof FAILED | undefined {
  const { client } = context;
  let current = namespace;
  if (current.status?.phase !== 'Terminating') {
    current = client.updateStatus('namespaces', { ...current, status: { ...current.status, phase: 'Terminating' } });
  }
  const finalizers = current.spec?.finalizers ?? [];
  if (finalizers.length === 0) return undefined;

  const pods = removeAll(context, 'pods', current);
  const remains: Remains = { resources: new Map(), finalizers: new Map(), refusals: [...pods.refusals] };
  let { estimate } = pods;
  if (pods.left.length === 0) {
    for (const resource of [...CONTENTS, ...customContents(client)]) {
      if (resource === 'pods') continue;
      const removal = removeAll(context, resource, current);
      remains.refusals.push(...removal.refusals);
      if (removal.left.length > 0) remains.resources.set(resource, removal.left.length);
      for (const finalizer of removal.left.flatMap((object) => object.metadata.finalizers ?? [])) {
        remains.finalizers.set(finalizer, (remains.finalizers.get(finalizer) ?? 0) + 1);
      }
      estimate = Math.max(estimate, removal.estimate);
    }
  }
  const status = { ...current.status, ...namespaceConditions(current, remains, context.clock) };
  current = client.updateStatus<Namespace>('namespaces', { ...current, status });
  if (remains.refusals.length > 0) return FAILED;
  if (estimate > 0) return (Math.floor(estimate / 2) + 1) * 1000;
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  client.updateSubresource<Namespace>('namespaces', 'finalize', {
    ...current,
    spec: { ...current.spec, finalizers: others },
  });
  return undefined;
}

interface Removal {
  left: readonly KubeObject[];
  /** Sentences. */
  refusals: string[];
  /** Seconds after which what is left should be gone. */
  estimate: number;
}

function removeAll({ client, clock }: ControllerContext, resource: ResourceName, namespace: Namespace): Removal {
  const { name, deletionTimestamp = '' } = namespace.metadata;
  const before = client.list<Pod>(resource, name);
  const grace = resource === 'pods' ? gracePeriod(before) : 0;
  // pods that have outlived it are not given it again
  const estimate = clock.now() - Date.parse(deletionTimestamp) >= grace * 1000 ? 0 : grace;
  try {
    client.deleteCollection(resource, name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    // what is left is not looked at then
    return { left: [], refusals: [error.message], estimate };
  }
  const left = client.list(resource, name);
  if (left.length === 0) return { left, refusals: [], estimate: 0 };
  if (estimate > 0) return { left, refusals: [], estimate };
  const held = left.some((object) => (object.metadata.finalizers ?? []).length > 0);
  if (held) return { left, refusals: [], estimate: FINALIZER_ESTIMATE };
  const unexpected = `unexpected items still remain in namespace: ${name} for gvr: ${versionedName(client, resource)}`;
  return { left, refusals: [unexpected], estimate: 0 };
}

/** `/v1, Resource=pods`. */
function versionedName(client: Client, resource: ResourceName): string {
  const info =
    resources.find((one) => resourceName(one) === resource) ?? customResources(client).byName.get(resource)?.info;
  return `${info?.group ?? ''}/${info?.version ?? ''}, Resource=${info?.resource ?? resource}`;
}

/** The longest time that the pods still running may take. */
const gracePeriod = (pods: readonly Pod[]): number =>
  Math.max(
    0,
    ...pods
      .filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed')
      .map((pod) => pod.spec?.terminationGracePeriodSeconds ?? 0),
  );
