/** Endpoints that people write for Services without a selector, as slices: what kube-proxy and CoreDNS read. */
import { isIP } from 'node:net';
import { equal } from '../../api/merge.ts';
import { StatusError } from '../../api/status.ts';
import type { EndpointSlice, Endpoints, Service } from '../../api/types.ts';
import type { Change, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { packed, unpacked, type Address } from '../endpoint-subsets.ts';
import { inHashOrder, sliceText } from '../port-order.ts';
import { controllerRef, namespaceIsTerminating } from '../pod-control.ts';

const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_LABEL = 'kubernetes.io/service-name';
const MANAGED_LABEL = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslicemirroring-controller.k8s.io';
const SKIP_LABEL = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';
const COMPONENT = 'endpoint-slice-mirroring-controller';
/** Of the annotations these are not carried over. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
]);
const MAX_PER_SUBSET = 1000;
const MAX_NAME = 253;

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
type Port = NonNullable<EndpointSlice['ports']>[number];
type AddressType = 'IPv4' | 'IPv6';
interface Group {
  type: AddressType;
  ports: Port[];
  endpoints: Endpoint[];
}

const isMirrored = ({ metadata }: Endpoints): boolean =>
  metadata.labels?.[SKIP_LABEL] !== 'true' && metadata.annotations?.[LEADER] === undefined;

function keysOfService({ type, object, old }: Change): readonly string[] {
  const bare = (one: Service | undefined) => one?.spec?.selector === undefined;
  const concerns = type === 'MODIFIED' ? bare(object) !== bare(old) : bare(object);
  return concerns ? [namespacedKey(object)] : [];
}

function keysOfEndpoints({ object, old }: Change): readonly string[] {
  return [object, old].some((one) => one !== undefined && isMirrored(one)) ? [namespacedKey(object)] : [];
}

function keysOfSlice({ object, old }: Change): readonly string[] {
  return [object, old].flatMap((one) => {
    const { labels = {}, namespace = '' } = one?.metadata ?? {};
    return labels[MANAGED_LABEL] === MANAGER && labels[SERVICE_LABEL] ? [`${namespace}/${labels[SERVICE_LABEL]}`] : [];
  });
}

export const endpointsliceMirroring: Controller = {
  name: 'endpointslicemirroring-controller',
  watches: { services: keysOfService, endpoints: keysOfEndpoints, [SLICES]: keysOfSlice },
  reconcile(key, context) {
    const { client } = context;
    const { namespace, name } = splitKey(key);
    const endpoints = client.get<Endpoints>('endpoints', namespace, name);
    const service = client.get<Service>('services', namespace, name);
    const current = client
      .list<EndpointSlice>(SLICES, namespace)
      .filter(({ metadata: { labels } }) => labels?.[SERVICE_LABEL] === name && labels[MANAGED_LABEL] === MANAGER);
    if (!endpoints || !isMirrored(endpoints) || !service || service.spec?.selector !== undefined) {
      for (const { metadata } of current) client.delete(SLICES, namespace, metadata.name);
      return;
    }
    try {
      mirror(context, endpoints, current);
    } catch (error) {
      if (!(error instanceof StatusError) || !namespaceIsTerminating(error)) throw error;
    }
  },
};

/** Written as Go writes it; undefined: none. To it leading zeros mean nothing, and an IPv4 address inside IPv6 is IPv4. */
function parsedAddress(ip: string): { type: AddressType; text: string } | undefined {
  if (/^\d+(\.\d+){3}$/.test(ip)) {
    const numbers = ip.split('.').map(Number);
    return numbers.every((one) => one <= 255) ? { type: 'IPv4', text: numbers.join('.') } : undefined;
  }
  if (isIP(ip) !== 6 || ip.includes('%')) return undefined;
  const text = new URL(`http://[${ip}]`).hostname.slice(1, -1);
  const inside = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(text)?.slice(1);
  if (inside === undefined) return { type: 'IPv6', text };
  const numbers = inside.map((one) => Number.parseInt(one, 16)).flatMap((one) => [one >> 8, one & 255]);
  return { type: 'IPv4', text: numbers.join('.') };
}

const endpointOf = (ip: string, { targetRef, nodeName, hostname }: Address, ready: boolean): Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname ? { hostname } : {}),
  ...(targetRef ? { targetRef } : {}),
  ...(nodeName === undefined ? {} : { nodeName }),
});

const keyOf = (type: string, ports: readonly Port[]): string =>
  `${type} ${JSON.stringify(ports.map((port) => JSON.stringify([port.name ?? '', port.port, port.protocol, port.appProtocol])).toSorted())}`;

/** What the slices are to hold, by family and ports; and how many addresses were left out. */
function wantedFor({ subsets = [] }: Endpoints): { groups: Map<string, Group>; invalid: number; skipped: number } {
  const groups = new Map<string, Group>();
  let [invalid, skipped] = [0, 0];
  for (const { addresses = [], notReadyAddresses = [], ports: own = [] } of packed(unpacked(subsets))) {
    const ports = inHashOrder(
      own.map((port): Port => ({ ...port, name: port.name ?? '' })),
      sliceText,
    );
    let added = 0;
    const all = [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ];
    for (const { address, ready } of all) {
      if (added >= MAX_PER_SUBSET) break;
      const parsed = parsedAddress(address.ip);
      if (parsed === undefined) {
        invalid++;
        continue;
      }
      const { type, text } = parsed;
      const group = groups.get(keyOf(type, ports)) ?? { type, ports, endpoints: [] };
      groups.set(keyOf(type, ports), group);
      group.endpoints.push(endpointOf(text, address, ready));
      added++;
    }
    skipped += all.length - added;
  }
  return { groups, invalid, skipped };
}

function mirror({ client, events }: ControllerContext, endpoints: Endpoints, current: readonly EndpointSlice[]): void {
  const { groups, invalid, skipped } = wantedFor(endpoints);
  const warn = (reason: string, message: string) =>
    events.event(COMPONENT, { regarding: endpoints, type: 'Warning', reason, message });
  if (invalid > 0) {
    warn('InvalidIPAddress', `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`);
  }
  if (skipped > invalid) {
    warn(
      'TooManyAddressesToMirror',
      `A max of ${MAX_PER_SUBSET} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`,
    );
  }
  const namespace = endpoints.metadata.namespace ?? '';
  const spare = [...current];
  const create: EndpointSlice[] = [];
  for (const [key, group] of groups) {
    const at = spare.findIndex(({ addressType, ports }) => keyOf(addressType, ports ?? []) === key);
    const [slice] = at === -1 ? [] : spare.splice(at, 1);
    if (slice === undefined) create.push(sliceFor(endpoints, group));
    else if (!isAsWanted(slice, endpoints, group)) client.update(SLICES, sliceFor(endpoints, group, slice));
  }
  for (const wanted of create) {
    const at = spare.findIndex(({ addressType }) => addressType === wanted.addressType);
    const [reused] = at === -1 ? [] : spare.splice(at, 1);
    if (reused) client.update(SLICES, { ...wanted, metadata: { ...wanted.metadata, name: reused.metadata.name } });
    else if (endpoints.metadata.deletionTimestamp === undefined) client.create(SLICES, wanted);
  }
  for (const { metadata } of spare) client.delete(SLICES, namespace, metadata.name);
}

const carried = (annotations: Record<string, string> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.has(key)));

const byAddress = (list: readonly Endpoint[]): Endpoint[] =>
  list.toSorted((a, b) => ((a.addresses[0] ?? '') < (b.addresses[0] ?? '') ? -1 : 1));

function isAsWanted(slice: EndpointSlice, { metadata }: Endpoints, group: Group): boolean {
  const { [SERVICE_LABEL]: _service, [MANAGED_LABEL]: _manager, ...labels } = slice.metadata.labels ?? {};
  const owned = (slice.metadata.ownerReferences ?? []).every(
    ({ kind, name, uid }) => kind !== 'Endpoints' || name !== metadata.name || uid === metadata.uid,
  );
  return (
    owned &&
    equal(labels, { ...metadata.labels }) &&
    equal({ ...slice.metadata.annotations }, carried(metadata.annotations)) &&
    equal(byAddress(slice.endpoints ?? []), byAddress(group.endpoints))
  );
}

function sliceFor(endpoints: Endpoints, { type, ports, endpoints: own }: Group, before?: EndpointSlice): EndpointSlice {
  const { name, namespace = '', labels, annotations } = endpoints.metadata;
  const prefix = `${name}-`;
  const kept = carried(annotations);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...(before
        ? { name: before.metadata.name }
        : { name: '', generateName: prefix.length > MAX_NAME ? name : prefix }),
      namespace,
      labels: { ...labels, [SERVICE_LABEL]: name, [MANAGED_LABEL]: MANAGER },
      ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }),
      ownerReferences: [{ ...controllerRef(endpoints), apiVersion: 'v1', kind: 'Endpoints' }],
    },
    addressType: type,
    endpoints: own,
    // Go writes a list that nothing was ever added to as null
    ports: ports.length > 0 ? ports : (null as unknown as Port[]),
  };
}
