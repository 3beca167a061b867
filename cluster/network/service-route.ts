/** What kube-proxy does with a packet: from a Service's address to one of the endpoints behind it. Linux, in its iptables mode. */
import type { EndpointSlice, Node, Service } from '../api/types.ts';
import type { Random, Reader } from '../store/client.ts';
import { nodeAt, type Protocol } from './address.ts';
import type { Affinity } from './affinity.ts';

const SERVICE_LABEL = 'kubernetes.io/service-name';

export type Route =
  /** No Service has this address and port: the packet goes where it was sent. */
  | { kind: 'direct' }
  | {
      kind: 'endpoint';
      service: Service;
      address: string;
      port: number;
      /** It came to a node's port, and goes on in that node's name. */
      viaNode: boolean;
    }
  /** A Service without endpoints rejects: the client sees a refused connection. */
  | { kind: 'rejected'; service: Service }
  /** A traffic policy of Local without a local endpoint drops: the client waits in vain. */
  | { kind: 'dropped'; service: Service };

export interface Packet {
  /** The sender's own address and the node it sends from. */
  from: { address: string; node: string };
  address: string;
  port: number;
  protocol: Protocol;
}

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];
type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
type Way = 'cluster' | 'node' | 'external';

interface Match {
  service: Service;
  port: ServicePort;
  /** How the packet came to the Service: decides which traffic policy holds. */
  way: Way;
}

function matchOf(store: Reader, { address, port, protocol }: Packet): Match | undefined {
  const onNode = nodeAt(store, address) !== undefined;
  for (const service of store.list<Service>('services')) {
    const { spec, status } = service;
    if (!spec || spec.type === 'ExternalName') continue;
    const clusterIps = spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []);
    const external = [
      ...(spec.externalIPs ?? []),
      ...(status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? ''),
    ].includes(address);
    for (const one of spec.ports ?? []) {
      if ((one.protocol ?? 'TCP') !== protocol) continue;
      if (one.port === port && clusterIps.includes(address)) return { service, port: one, way: 'cluster' };
      if (one.port === port && external) return { service, port: one, way: 'external' };
      if (onNode && one.nodePort === port) return { service, port: one, way: 'node' };
    }
  }
  return undefined;
}

interface Target {
  endpoint: Endpoint;
  address: string;
  port: number;
}

/** All endpoints of a Service's port, by its name; also those that are not ready. */
export function targetsOf(store: Reader, service: Service, portName = '', address = ''): Target[] {
  const found: Target[] = [];
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  for (const slice of store.list<EndpointSlice>('endpointslices.discovery.k8s.io', service.metadata.namespace)) {
    if (slice.metadata.labels?.[SERVICE_LABEL] !== service.metadata.name || slice.addressType !== family) continue;
    const number = (slice.ports ?? []).find(({ name }) => (name ?? '') === portName)?.port;
    if (number === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const [first] = endpoint.addresses;
      if (first !== undefined) found.push({ endpoint, address: first, port: number });
    }
  }
  return found;
}

/** The ready ones; where none is, those that still serve while they terminate. */
function usable(targets: readonly Target[]): Target[] {
  const ready = targets.filter(({ endpoint }) => endpoint.conditions?.ready !== false);
  if (ready.length > 0) return ready;
  return targets.filter(({ endpoint }) => endpoint.conditions?.serving === true && endpoint.conditions.terminating);
}

/** Those that are meant for the node, or for its zone, where all of them say whom they are meant for. */
function nearest(store: Reader, targets: readonly Target[], nodeName: string): readonly Target[] {
  const forNodes = ({ endpoint }: Target) => (endpoint.hints?.forNodes ?? []).map(({ name }) => name);
  const forZones = ({ endpoint }: Target) => (endpoint.hints?.forZones ?? []).map(({ name }) => name);
  if (targets.every((target) => forNodes(target).length > 0)) {
    const own = targets.filter((target) => forNodes(target).includes(nodeName));
    if (own.length > 0) return own;
  }
  const zone = store.get<Node>('nodes', '', nodeName)?.metadata.labels?.['topology.kubernetes.io/zone'];
  if (zone !== undefined && targets.every((target) => forZones(target).length > 0)) {
    const own = targets.filter((target) => forZones(target).includes(zone));
    if (own.length > 0) return own;
  }
  return targets;
}

/** The same client gets the same endpoint for as long as that is there: the one with the highest sum of both addresses. */
function sticky(targets: readonly Target[], client: string): Target | undefined {
  const weight = ({ address }: Target): number => {
    let hash = 0;
    for (const char of `${client} ${address}`) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
    return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  };
  return targets.toSorted((a, b) => weight(b) - weight(a))[0];
}

const DEFAULT_TIMEOUT = 10_800;

/** The endpoint that the client had a while ago, if it is still one; else another, and it is remembered. */
function affine(
  chosen: readonly Target[],
  { from }: Packet,
  { service, port }: Match,
  random: Pick<Random, 'next'>,
  affinity?: Affinity,
) {
  const seconds = service.spec?.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_TIMEOUT;
  const client = `${service.metadata.uid ?? ''} ${port.name ?? ''} ${port.port} ${from.address}`;
  const before = affinity?.recall(client, seconds * 1000);
  const known = before && chosen.find(({ address }) => address === before.address);
  const target =
    before?.expired === true
      ? chosen[Math.floor(random.next() * chosen.length)]
      : (known ?? sticky(chosen, from.address));
  if (target) affinity?.remember(client, target.address);
  return target;
}

export function serviceRoute(store: Reader, packet: Packet, random: Pick<Random, 'next'>, affinity?: Affinity): Route {
  const match = matchOf(store, packet);
  if (!match) return { kind: 'direct' };
  const { service, port, way } = match;
  const targets = targetsOf(store, service, port.name, packet.address);
  const all = usable(targets);
  if (all.length === 0) return { kind: 'rejected', service };
  const policy = way === 'cluster' ? service.spec?.internalTrafficPolicy : service.spec?.externalTrafficPolicy;
  // a node port is that of the node it was sent to; any other address is handled by the sender's node
  const node = way === 'node' ? (nodeAt(store, packet.address)?.metadata.name ?? '') : packet.from.node;
  const chosen =
    policy === 'Local'
      ? usable(targets.filter(({ endpoint }) => endpoint.nodeName === node))
      : nearest(store, all, node);
  const target =
    service.spec?.sessionAffinity === 'ClientIP'
      ? affine(chosen, packet, match, random, affinity)
      : chosen[Math.floor(random.next() * chosen.length)];
  if (!target) return { kind: 'dropped', service };
  const viaNode = way === 'node' && policy !== 'Local';
  return { kind: 'endpoint', service, address: target.address, port: target.port, viaNode };
}
