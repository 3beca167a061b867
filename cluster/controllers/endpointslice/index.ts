/** EndpointSlices: a Service's addresses in slices of at most a hundred, one set of ports each. */
import { equal } from '../../api/merge.ts';
import { isPodReady } from '../../api/pods.ts';
import type { EndpointSlice, Pod, Service } from '../../api/types.ts';
import type { Change, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { controllerRef, namespaceIsTerminating } from '../pod-control.ts';
import {
  HEADLESS_LABEL,
  backends,
  hostnameOf,
  isHeadless,
  isManaged,
  podReference,
  serviceKeysOfPod,
  targetPort,
  triggered,
  zoneOf,
} from '../service-backends.ts';

const RESOURCE = 'endpointslices.discovery.k8s.io';
const SERVICE_LABEL = 'kubernetes.io/service-name';
const MANAGED_LABEL = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';
const MAX_ENDPOINTS = 100;

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
type Port = NonNullable<EndpointSlice['ports']>[number];

const keyOfSlice = ({ object }: Change): readonly string[] => {
  const { labels = {}, namespace = '' } = object.metadata;
  return labels[MANAGED_LABEL] === MANAGER && labels[SERVICE_LABEL] ? [`${namespace}/${labels[SERVICE_LABEL]}`] : [];
};

export const endpointslice: Controller = {
  name: 'endpointslice-controller',
  watches: {
    services: ({ object }) => [namespacedKey(object)],
    [RESOURCE]: keyOfSlice,
    pods: serviceKeysOfPod,
  },
  reconcile(key, context) {
    const { client } = context;
    const { namespace, name } = splitKey(key);
    const service = client.get<Service>('services', namespace, name);
    // the slices of a Service that is gone are the garbage collector's
    if (service === undefined || service.metadata.deletionTimestamp !== undefined || !isManaged(service)) return;
    const current = client
      .list<EndpointSlice>(RESOURCE, namespace)
      .filter(({ metadata }) => keyOfSlice({ type: 'MODIFIED', object: { ...EMPTY, metadata } })[0] === key)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    try {
      write(context, service, current, groupsOf(context, service));
    } catch (error) {
      if (!namespaceIsTerminating(error)) throw error;
    }
  },
};
const EMPTY = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };

interface Group {
  ports: Port[];
  endpoints: Endpoint[];
}

/** What the slices should hold; without any pod one empty slice remains. */
function groupsOf({ client }: ControllerContext, service: Service): Group[] {
  const byPorts = new Map<string, Group>();
  for (const pod of backends(client, service)) {
    const ports = portsOf(pod, service);
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push({ ...endpointOf(pod, service), ...zoneOf(client, pod) });
    byPorts.set(key, group);
  }
  if (byPorts.size === 0) return [{ ports: [], endpoints: [] }];
  return [...byPorts.values()].flatMap(({ ports, endpoints: all }) => {
    const slices: Group[] = [];
    for (let from = 0; from < all.length; from += MAX_ENDPOINTS) {
      slices.push({ ports, endpoints: all.slice(from, from + MAX_ENDPOINTS) });
    }
    return slices;
  });
}

function portsOf(pod: Pod, service: Service): Port[] {
  const ports: Port[] = [];
  for (const port of service.spec?.ports ?? []) {
    const number = targetPort(pod, port);
    if (number === undefined) continue;
    ports.push({
      name: port.name ?? '',
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    });
  }
  return ports;
}

function endpointOf(pod: Pod, service: Service): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...hostnameOf(pod, service),
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: podReference(pod),
  };
}

/** Slices with the same ports are filled anew, slices of ports that are gone are used for new ones, spare ones go. */
function write(
  { client }: ControllerContext,
  service: Service,
  current: readonly EndpointSlice[],
  groups: readonly Group[],
): void {
  const { name, namespace = '' } = service.metadata;
  const labels = {
    ...service.metadata.labels,
    [SERVICE_LABEL]: name,
    [MANAGED_LABEL]: MANAGER,
    ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}),
  };
  const before = readyIn(current);
  const now = readyIn(groups);
  const added = backends(client, service).filter(({ metadata: { uid } }) => now.has(uid) && !before.has(uid));
  const spare = [...current];
  const take = (group: Group): EndpointSlice | undefined => {
    const same = spare.findIndex((slice) => equal(slice.ports ?? [], group.ports));
    return spare.splice(same === -1 ? 0 : same, 1)[0];
  };
  for (const { ports, endpoints } of groups) {
    const slice = take({ ports, endpoints });
    if (
      slice !== undefined &&
      equal(slice.ports ?? [], ports) &&
      equal(slice.endpoints ?? [], endpoints) &&
      equal(slice.metadata.labels, labels)
    ) {
      continue;
    }
    const metadata: EndpointSlice['metadata'] = slice?.metadata ?? {
      name: '',
      generateName: `${name}-`,
      namespace,
      ownerReferences: [controllerRef(service)],
    };
    const { annotations, ...others } = metadata;
    const trigger = triggered(annotations, added, current.length === 0 ? service : undefined);
    const wanted: EndpointSlice = {
      ...EMPTY,
      metadata: { ...others, labels, ...trigger },
      addressType: 'IPv4',
      endpoints: orNull(endpoints),
      ports: orNull(ports),
    };
    if (slice === undefined) client.create(RESOURCE, wanted);
    else client.update(RESOURCE, wanted);
  }
  for (const { metadata } of spare) client.delete(RESOURCE, namespace, metadata.name);
}

/** Go writes a list that nothing was ever added to as null, and clients see it. */
const orNull = <T>(list: T[]): T[] => (list.length > 0 ? list : (null as unknown as T[]));

const readyIn = (lists: readonly { endpoints?: readonly Endpoint[] }[]): ReadonlySet<string | undefined> =>
  new Set(
    lists
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter((endpoint) => endpoint.conditions?.ready === true)
      .map((endpoint) => endpoint.targetRef?.uid),
  );
