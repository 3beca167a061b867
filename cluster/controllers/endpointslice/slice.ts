/** What an EndpointSlice of a Service looks like, and how much of two of them counts as the same. */
import { equal } from '../../api/merge.ts';
import { isPodReady } from '../../api/pods.ts';
import type { EndpointSlice, Node, Pod, Service } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import { controllerRef } from '../pod-control.ts';
import { inHashOrder, sliceText } from '../port-order.ts';
import { HEADLESS_LABEL, hostnameOf, isHeadless, podAddresses, podReference, targetPort } from '../service-backends.ts';

export const SLICES = 'endpointslices.discovery.k8s.io';
export const SERVICE_LABEL = 'kubernetes.io/service-name';
export const MANAGED_LABEL = 'endpointslice.kubernetes.io/managed-by';
export const MANAGER = 'endpointslice-controller.k8s.io';
const RESERVED: ReadonlySet<string> = new Set([SERVICE_LABEL, MANAGED_LABEL, HEADLESS_LABEL]);
const ZONE = 'topology.kubernetes.io/zone';

export type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
export type Port = NonNullable<EndpointSlice['ports']>[number];
export type AddressType = 'IPv4' | 'IPv6';

/** A slice with its lists there, whether empty or not; one without a name is to be created. */
export type Slice = EndpointSlice & { endpoints: Endpoint[]; ports: Port[] };

/** Go writes a list that nothing was ever added to as null. */
export const sliceOf = (stored: EndpointSlice): Slice => ({
  ...stored,
  endpoints: [...(stored.endpoints ?? [])],
  ports: [...(stored.ports ?? [])],
});
const orNull = <T>(list: T[]): T[] => (list.length > 0 ? list : (null as unknown as T[]));
export const written = (slice: Slice): EndpointSlice => ({
  ...slice,
  endpoints: orNull(slice.endpoints),
  ports: orNull(slice.ports),
});

/** The families that a Service has addresses of; older ones say it by their address only. */
export function addressTypesOf({ spec }: Service): AddressType[] {
  const families = (spec?.ipFamilies ?? []).filter((one): one is AddressType => one === 'IPv4' || one === 'IPv6');
  if (families.length > 0) return families;
  if (spec?.clusterIP && spec.clusterIP !== 'None') return [spec.clusterIP.includes(':') ? 'IPv6' : 'IPv4'];
  return ['IPv4', 'IPv6'];
}

/** A Service's ports on a pod, in the order of their hashes; ports by a name that the pod does not have are left out. */
export function portsOf(pod: Pod, service: Service): Port[] {
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
  return inHashOrder(ports, sliceText);
}

/** Ports that are the same in whatever order. */
export const portKey = (ports: readonly Port[]): string =>
  JSON.stringify(
    ports
      .map(({ name = '', port, protocol = '', appProtocol }) => JSON.stringify([name, port, protocol, appProtocol]))
      .toSorted(),
  );

export const nodeOf = (store: Reader, pod: Pod): Node | undefined =>
  store.get<Node>('nodes', '', pod.spec?.nodeName ?? '');

export function endpointOf(pod: Pod, node: Node | undefined, service: Service, type: AddressType): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const zone = node?.metadata.labels?.[ZONE];
  return {
    addresses: podAddresses(pod, type),
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...hostnameOf(pod, service),
    targetRef: podReference(pod),
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone ? { zone } : {}),
  };
}

/** Endpoints of which only one may be in the slices of a Service. */
export const endpointKey = ({ addresses, hostname = '', targetRef }: Endpoint): string =>
  JSON.stringify([addresses.toSorted(), hostname, targetRef?.namespace, targetRef?.name]);

/** Whether what the key does not say is the same; hints are looked at elsewhere. */
export const sameEndpoint = (a: Endpoint, b: Endpoint): boolean =>
  a.nodeName === b.nodeName &&
  a.zone === b.zone &&
  a.conditions?.ready === b.conditions?.ready &&
  a.conditions?.serving === b.conditions?.serving &&
  a.conditions?.terminating === b.conditions?.terminating &&
  equal({ ...a.targetRef, resourceVersion: undefined }, { ...b.targetRef, resourceVersion: undefined });

const unreserved = (labels: Record<string, string> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => !RESERVED.has(key)));

/** The Service's own labels and the controller's. */
export const labelsOf = (service: Service): Record<string, string> => ({
  ...unreserved(service.metadata.labels),
  ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}),
  [SERVICE_LABEL]: service.metadata.name,
  [MANAGED_LABEL]: MANAGER,
});

export const labelsDiffer = (slice: EndpointSlice, service: Service): boolean =>
  !equal(unreserved(slice.metadata.labels), unreserved(service.metadata.labels));

/** Longest name, with the dash and five drawn characters. */
const MAX_NAME = 253;

export const newSlice = (service: Service, ports: Port[], addressType: AddressType): Slice => {
  const prefix = `${service.metadata.name}-`;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: prefix.length > MAX_NAME ? service.metadata.name : prefix,
      namespace: service.metadata.namespace ?? '',
      labels: labelsOf(service),
      ownerReferences: [{ ...controllerRef(service), apiVersion: 'v1', kind: 'Service' }],
    },
    addressType,
    endpoints: [],
    ports,
  };
};

export const ownedBy = ({ metadata }: EndpointSlice, service: Service): boolean =>
  (metadata.ownerReferences ?? []).some(
    ({ uid, kind, apiVersion }) => uid === service.metadata.uid && kind === 'Service' && apiVersion === 'v1',
  );

/** What takes the place of slices where there would be none. */
export const isPlaceholder = (slice: Slice, service: Service, type: AddressType): boolean =>
  slice.addressType === type &&
  slice.endpoints.length === 0 &&
  slice.ports.length === 0 &&
  equal(slice.metadata.labels, labelsOf(service));
