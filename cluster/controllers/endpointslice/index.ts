/** EndpointSlices: a Service's addresses in slices of at most a hundred, one set of ports each. */
import { StatusError } from '../../api/status.ts';
import type { EndpointSlice, Node, Pod, Service } from '../../api/types.ts';
import type { Client } from '../../store/client.ts';
import type { Change, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { namespaceIsTerminating } from '../pod-control.ts';
import { isBackend, isManaged, selectedPods, serviceKeysOfPod } from '../service-backends.ts';
import { TriggerTimes, withTrigger } from '../trigger-times.ts';
import { distribution, preferClose, removeHints } from './hints.ts';
import { place } from './placing.ts';
import {
  addressTypesOf,
  endpointOf,
  isPlaceholder,
  MANAGED_LABEL,
  MANAGER,
  newSlice,
  nodeOf,
  ownedBy,
  portKey,
  portsOf,
  SERVICE_LABEL,
  sliceOf,
  SLICES,
  written,
  type AddressType,
  type Endpoint,
  type Port,
  type Slice,
} from './slice.ts';
import { addHints, asksForHints, isOverloaded, zoneShares, type Hinted, type HintWork } from './topology.ts';

const COMPONENT = 'endpoint-slice-controller';
const ZONE = 'topology.kubernetes.io/zone';
/** Milliseconds until a Service whose slices could not be written is looked at again: doubling. */
const RETRY_FIRST = 1000;
const RETRY_LAST = 1000 * 1000;

interface Memory {
  triggers: TriggerTimes;
  /** Endpoints that each zone was given, by Service and family. */
  hinted: Map<string, Map<AddressType, Hinted>>;
  failures: Map<string, number>;
}
const memories = new WeakMap<Client, Memory>();
function memoryOf(client: Client): Memory {
  const known = memories.get(client) ?? { triggers: new TriggerTimes(), hinted: new Map(), failures: new Map() };
  memories.set(client, known);
  return known;
}

function keysOfSlice({ object, old }: Change): readonly string[] {
  const keys = [object, old].flatMap((one) => {
    const { labels = {}, namespace = '' } = one?.metadata ?? {};
    return labels[MANAGED_LABEL] === MANAGER && labels[SERVICE_LABEL] ? [`${namespace}/${labels[SERVICE_LABEL]}`] : [];
  });
  return [...new Set(keys)];
}

const isReady = (node: Node): boolean =>
  (node.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

/** Services with hints that no longer fit the nodes' zones. */
function keysOfNode({ type, object, old }: Change, { client }: ControllerContext): readonly string[] {
  const { hinted } = memoryOf(client);
  if (hinted.size === 0) return [];
  const node: Node = object;
  const before: Node | undefined = old;
  const moved =
    type !== 'MODIFIED' ||
    before === undefined ||
    isReady(before) !== isReady(node) ||
    before.metadata.labels?.[ZONE] !== node.metadata.labels?.[ZONE];
  if (!moved) return [];
  const shares = zoneShares(client.list<Node>('nodes'));
  return [...hinted].flatMap(([key, families]) =>
    [...families.values()].some((counts) => isOverloaded(counts, shares)) ? [key] : [],
  );
}

export const endpointslice: Controller = {
  name: 'endpointslice-controller',
  watches: {
    services: ({ object }) => [namespacedKey(object)],
    [SLICES]: keysOfSlice,
    pods: serviceKeysOfPod,
    nodes: keysOfNode,
  },
  reconcile(key, context) {
    const { client, events } = context;
    const { namespace, name } = splitKey(key);
    const memory = memoryOf(client);
    const service = client.get<Service>('services', namespace, name);
    if (service === undefined) {
      // the slices of a Service that is gone are the garbage collector's
      memory.triggers.forget(key);
      memory.failures.delete(key);
      return undefined;
    }
    if (!isManaged(service)) return undefined;
    const pods = selectedPods(client, service);
    const current = client
      .list<EndpointSlice>(SLICES, namespace)
      .filter(
        ({ metadata: { labels = {}, deletionTimestamp } }) =>
          labels[SERVICE_LABEL] === name && labels[MANAGED_LABEL] === MANAGER && deletionTimestamp === undefined,
      )
      .map(sliceOf);
    const problems = reconcile(context, service, pods, current, memory.triggers.look(key, service, pods));
    if (problems.length === 0) {
      memory.failures.delete(key);
      return undefined;
    }
    events.event(COMPONENT, {
      regarding: service,
      type: 'Warning',
      reason: 'FailedToUpdateEndpointSlices',
      message: `Error updating Endpoint Slices for Service ${key}: ${aggregate(problems)}`,
    });
    const failures = memory.failures.get(key) ?? 0;
    memory.failures.set(key, failures + 1);
    return { afterMs: Math.min(RETRY_FIRST * 2 ** failures, RETRY_LAST) };
  },
};

const aggregate = (problems: readonly string[]): string => {
  const different = [...new Set(problems)];
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`;
};

/** Returns what went wrong; the rest is done all the same. */
function reconcile(
  context: ControllerContext,
  service: Service,
  pods: readonly Pod[],
  current: readonly Slice[],
  trigger: string,
): string[] {
  const types = addressTypesOf(service);
  const problems = types.flatMap((type) => {
    const own = current.filter(({ addressType }) => addressType === type);
    return reconcileFamily(context, service, pods, own, { type, trigger });
  });
  for (const { addressType, metadata } of current) {
    if (types.includes(addressType as AddressType)) continue;
    context.client.delete(SLICES, metadata.namespace ?? '', metadata.name);
  }
  return problems;
}

interface Group {
  ports: Port[];
  endpoints: Endpoint[];
}

function reconcileFamily(
  context: ControllerContext,
  service: Service,
  pods: readonly Pod[],
  current: readonly Slice[],
  { type, trigger }: { type: AddressType; trigger: string },
): string[] {
  const { client } = context;
  const { namespace = '', name } = service.metadata;
  const problems: string[] = [];
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    if (!isBackend(pod)) continue;
    const ports = portsOf(pod, service);
    const key = portKey(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    const node = nodeOf(client, pod);
    if (node === undefined && service.spec?.publishNotReadyAddresses !== true) {
      problems.push(
        `skipping Pod ${pod.metadata.name} for Service ${namespace}/${name}: Node ${pod.spec?.nodeName ?? ''} Not Found`,
      );
      continue;
    }
    const endpoint = endpointOf(pod, node, service, type);
    if (endpoint.addresses.length > 0) group.endpoints.push(endpoint);
  }

  const work: HintWork & { delete: Slice[] } = { create: [], update: [], unchanged: [], delete: [] };
  const byPorts = Map.groupBy(
    current.filter((slice) => ownedBy(slice, service)),
    ({ ports }) => portKey(ports),
  );
  work.delete.push(...current.filter((slice) => !ownedBy(slice, service)));
  for (const [key, { ports, endpoints }] of groups) {
    const placed = place(service, byPorts.get(key) ?? [], endpoints, { ports, addressType: type });
    work.create.push(...placed.create);
    work.update.push(...placed.update);
    work.delete.push(...placed.delete);
  }
  for (const [key, slices] of byPorts) if (!groups.has(key)) work.delete.push(...slices);
  // there is always a slice, if only an empty one
  if (current.length === work.delete.length && work.create.length === 0) {
    const [only] = work.delete;
    if (work.delete.length === 1 && only && isPlaceholder(only, service, type)) work.delete.length = 0;
    else work.create.push(newSlice(service, [], type));
  }
  const changed = new Set([...work.update, ...work.delete].map(({ metadata }) => metadata.name));
  work.unchanged = current.filter(({ metadata }) => !changed.has(metadata.name));
  giveHints(context, service, type, work);
  const refused = finish(context, service, work, trigger);
  return refused === undefined ? problems : [...problems, refused];
}

function giveHints({ client, events }: ControllerContext, service: Service, type: AddressType, work: HintWork): void {
  const { hinted } = memoryOf(client);
  const key = namespacedKey(service);
  const tell = (kind: 'Normal' | 'Warning', words: string) =>
    events.event(COMPONENT, {
      regarding: service,
      type: kind,
      reason: kind === 'Normal' ? 'TopologyAwareHintsEnabled' : 'TopologyAwareHintsDisabled',
      message: `${words}, addressType: ${type}`,
    });
  const preference = asksForHints(service) ? undefined : distribution(service);
  if (asksForHints(service)) {
    const counts = addHints(work, zoneShares(client.list<Node>('nodes')));
    if (typeof counts === 'string') {
      forget(hinted, key, type);
      removeHints(work);
      tell('Warning', counts);
      return;
    }
    if (!hinted.has(key)) tell('Normal', 'Topology Aware Hints has been enabled');
    hinted.set(key, (hinted.get(key) ?? new Map<AddressType, Hinted>()).set(type, counts));
    return;
  }
  if (hinted.has(key)) tell('Warning', 'Topology Aware Hints has been disabled');
  forget(hinted, key, type);
  if (preference === undefined) removeHints(work);
  else preferClose(work, preference);
}

function forget(hinted: Memory['hinted'], key: string, type: AddressType): void {
  const families = hinted.get(key);
  families?.delete(type);
  if (families?.size === 0) hinted.delete(key);
}

/** Writes. Slices that would go are used for new ones. Returns why not all could be written. */
function finish(
  { client }: ControllerContext,
  service: Service,
  { create, update, delete: gone }: HintWork & { delete: Slice[] },
  trigger: string,
): string | undefined {
  const { name, namespace = '' } = service.metadata;
  const spare = gone.filter((slice) => {
    const next = ownedBy(slice, service) ? create.pop() : undefined;
    if (next) update.push({ ...next, metadata: { ...next.metadata, name: slice.metadata.name } });
    return next === undefined;
  });
  const marked = (slice: Slice): EndpointSlice => {
    const annotations = withTrigger(slice.metadata.annotations, trigger);
    const { annotations: _before, ...metadata } = slice.metadata;
    return written({
      ...slice,
      metadata: { ...metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    });
  };
  let doing = `create EndpointSlice for Service ${namespace}/${name}`;
  try {
    if (service.metadata.deletionTimestamp === undefined) {
      for (const slice of create) client.create(SLICES, marked(slice));
    }
    for (const slice of update) {
      doing = `update ${slice.metadata.name} EndpointSlice for Service ${namespace}/${name}`;
      client.update(SLICES, marked(slice));
    }
    for (const { metadata } of spare) {
      doing = `delete ${metadata.name} EndpointSlice for Service ${namespace}/${name}`;
      client.delete(SLICES, namespace, metadata.name);
    }
  } catch (error) {
    if (namespaceIsTerminating(error)) return undefined;
    if (!(error instanceof StatusError)) throw error;
    return `failed to ${doing}: ${error.message}`;
  }
  return undefined;
}
