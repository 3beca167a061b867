/** Opening a connection from a pod or a node: past kube-proxy and the NetworkPolicies to whoever listens. */
import { isTerminal } from '../api/pods.ts';
import type { Node, Pod } from '../api/types.ts';
import type { Random, Reader } from '../store/client.ts';
import type { Corefile } from './dns/corefile.ts';
import { inCidr, nodeAddress, nodeAt, podsAt, type Protocol } from './address.ts';
import { allowsEgress, allowsIngress, isLocal, type Connection, type Party } from './policy.ts';
import type { Affinity } from './affinity.ts';
import { proxyRuns } from './proxy.ts';
import { rulesOn } from './proxy-rules.ts';
import { serviceRoute } from './service-route.ts';

/** Who opens the connection. */
export type Source = { pod: Pod } | { node: Node };

export interface Destination {
  address: string;
  port: number;
  protocol: Protocol;
}

/** What listens where: the kubelets and their containers know. */
export interface Listeners {
  pod(pod: Pod, port: number, protocol: Protocol): boolean;
  /** On the node itself: the kubelet's port, the API server's. */
  node(node: Node, port: number, protocol: Protocol): boolean;
  /** By what a name server in the pod answers; undefined: there is none. Default: as kubeadm sets CoreDNS up. */
  corefile?(pod: Pod, port: number): Corefile | undefined;
  /** Contents of a file in the pod's first container. */
  readFile?(pod: Pod, path: string): string | undefined;
}

export type Outcome =
  | { kind: 'connected'; pod: Pod; port: number }
  | { kind: 'connected'; node: Node; port: number }
  /** Answered with a reset: nothing listens there, or a Service without endpoints. */
  | { kind: 'refused' }
  /** Nobody answers: a policy, or a Service that has no endpoint on this node. The client times out. */
  | { kind: 'dropped' }
  /** The address is in the cluster's ranges and nobody has it: "No route to host". */
  | { kind: 'unreachable' }
  /** Outside the cluster. */
  | { kind: 'outside'; address: string; port: number };

export interface NetworkContext {
  store: Reader;
  random: Pick<Random, 'next'>;
  listeners: Listeners;
  /** Which client was led where, and when. Absent: a client is led to the same endpoint for as long as that is there. */
  affinity?: Affinity | undefined;
}

const LOOPBACK = '127.0.0.0/8';
const SERVICE_RANGE = '10.96.0.0/12';
const DIRECT = { kind: 'direct' } as const;

function partyOf(store: Reader, source: Source): Party & { node: string } {
  if ('node' in source) return { address: nodeAddress(source.node) ?? '', node: source.node.metadata.name };
  const { pod } = source;
  const node = store.get<Node>('nodes', '', pod.spec?.nodeName ?? '');
  const address = pod.status?.podIP ?? (node ? nodeAddress(node) : undefined) ?? '';
  return { address, pod, node: pod.spec?.nodeName ?? '' };
}

const inPodRange = (store: Reader, address: string): boolean =>
  store.list<Node>('nodes').some(({ spec }) => spec?.podCIDR !== undefined && inCidr(address, spec.podCIDR));

/** On its own loopback a pod reaches what its own containers listen on; on the host's network, whatever listens on that host. */
function onLoopback(source: Source, port: number, protocol: Protocol, { store, listeners }: NetworkContext): Outcome {
  const own = 'pod' in source ? source.pod : undefined;
  if (own && own.spec?.hostNetwork !== true) {
    return listeners.pod(own, port, protocol) ? { kind: 'connected', pod: own, port } : { kind: 'refused' };
  }
  const node = 'node' in source ? source.node : store.get<Node>('nodes', '', own?.spec?.nodeName ?? '');
  const pod = podsAt(store, (node && nodeAddress(node)) ?? '').find((one) => listeners.pod(one, port, protocol));
  if (pod) return { kind: 'connected', pod, port };
  return node && listeners.node(node, port, protocol) ? { kind: 'connected', node, port } : { kind: 'refused' };
}

/** A port of the node's that the network plugin leads to a container. */
function hostPort(store: Reader, { address, port, protocol }: Destination): Destination | undefined {
  const node = nodeAt(store, address);
  if (!node) return undefined;
  for (const pod of store.list<Pod>('pods')) {
    if (pod.spec?.nodeName !== node.metadata.name || pod.spec.hostNetwork === true || isTerminal(pod)) continue;
    for (const { ports = [] } of pod.spec.containers ?? []) {
      const found = ports.find((one) => one.hostPort === port && (one.protocol ?? 'TCP') === protocol);
      const ownAddress = found?.hostIP && found.hostIP !== '0.0.0.0' ? found.hostIP === address : true;
      if (found && ownAddress && pod.status?.podIP) {
        return { address: pod.status.podIP, port: found.containerPort, protocol };
      }
    }
  }
  return undefined;
}

/** Whom the backend sees, and whether the policies let them through: a node that passes on what came to its port does so in its own name. */
function mayPass(store: Reader, sent: Destination, connection: Connection, viaNode: boolean): boolean {
  if (!viaNode) return isLocal(connection) || (allowsEgress(store, connection) && allowsIngress(store, connection));
  const toNode = { ...connection, to: { address: sent.address }, port: sent.port };
  if (!allowsEgress(store, toNode)) return false;
  const fromNode = { ...connection, from: { address: sent.address } };
  return isLocal(fromNode) || allowsIngress(store, fromNode);
}

export function connect(source: Source, to: Destination, context: NetworkContext): Outcome {
  const { store, random, listeners } = context;
  if (inCidr(to.address, LOOPBACK)) return onLoopback(source, to.port, to.protocol, context);
  const from = partyOf(store, source);
  const handler = nodeAt(store, to.address)?.metadata.name ?? from.node;
  const rules = rulesOn(store, handler, proxyRuns(store, handler));
  const route = rules ? serviceRoute(rules, { ...to, from }, random, context.affinity) : DIRECT;
  if (route.kind === 'rejected') return { kind: 'refused' };
  if (route.kind === 'dropped') return { kind: 'dropped' };
  const { address, port } = route.kind === 'endpoint' ? route : (hostPort(store, to) ?? to);
  const node = nodeAt(store, address);
  const pods = podsAt(store, address);
  const listening = pods.find((pod) => listeners.pod(pod, port, to.protocol));
  const target = listening ?? (node ? undefined : pods[0]);
  const party: Party = target ? { address, pod: target } : { address };
  const viaNode = route.kind === 'endpoint' && route.viaNode;
  if (!mayPass(store, to, { from, to: party, protocol: to.protocol, port }, viaNode)) return { kind: 'dropped' };
  if (listening) return { kind: 'connected', pod: listening, port };
  if (node) return listeners.node(node, port, to.protocol) ? { kind: 'connected', node, port } : { kind: 'refused' };
  if (target) return { kind: 'refused' };
  // no rule of kube-proxy's and nobody's address: the packet leaves the node and is lost
  if (inCidr(address, SERVICE_RANGE)) return { kind: 'dropped' };
  return inPodRange(store, address) ? { kind: 'unreachable' } : { kind: 'outside', address, port };
}

/** An ICMP echo: Services do not answer it, and a policy's ports do not mean it. */
export function ping(source: Source, address: string, { store }: NetworkContext): 'answers' | 'silent' | 'unreachable' {
  if (inCidr(address, LOOPBACK)) return 'answers';
  const [pod] = podsAt(store, address);
  const node = nodeAt(store, address);
  const party: Party = pod && !node ? { address, pod } : { address };
  const echo: Connection = { from: partyOf(store, source), to: party, protocol: 'ICMP', port: 0 };
  if (!isLocal(echo) && !(allowsEgress(store, echo) && allowsIngress(store, echo))) return 'silent';
  if (pod || node) return 'answers';
  return !inCidr(address, SERVICE_RANGE) && inPodRange(store, address) ? 'unreachable' : 'silent';
}
