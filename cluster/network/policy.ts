/** Which connections the NetworkPolicies let through. What answers comes back on its own: only who opens a connection is asked about. */
import { labelSelectorMatches } from '../api/selector.ts';
import type { Namespace, NetworkPolicy, Pod } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import { inCidr, type Protocol } from './address.ts';

/** One end of a connection. Without a pod it is a node, or somewhere outside. */
export interface Party {
  address: string;
  pod?: Pod;
}

export interface Connection {
  from: Party;
  to: Party;
  protocol: Protocol | 'ICMP';
  /** Where the pod itself listens: a Service's port has been translated before. */
  port: number;
}

type Spec = NonNullable<NetworkPolicy['spec']>;
type Rule = NonNullable<Spec['ingress']>[number] | NonNullable<Spec['egress']>[number];
type Peer = NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number];
type PolicyPort = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number];
type Direction = 'Ingress' | 'Egress';

/** Policies are about pods with a network of their own: those on the host's come and go as the node does. */
const isSubject = (pod: Pod | undefined): pod is Pod => pod !== undefined && pod.spec?.hostNetwork !== true;

function policiesFor(store: Reader, pod: Pod, direction: Direction): Spec[] {
  return store
    .list<NetworkPolicy>('networkpolicies.networking.k8s.io', pod.metadata.namespace)
    .map(({ spec }) => spec)
    .filter((spec) => spec !== undefined)
    .filter(
      ({ policyTypes, podSelector }) =>
        (policyTypes ?? ['Ingress']).includes(direction) &&
        labelSelectorMatches(podSelector ?? {}, pod.metadata.labels ?? {}),
    );
}

function peerMatches(store: Reader, peer: Peer, policyNamespace: string, { address, pod }: Party): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return inCidr(address, cidr) && !except.some((range) => inCidr(address, range));
  }
  // an address without a pod of its own is nobody's that a selector could mean
  if (!isSubject(pod)) return false;
  const namespace = pod.metadata.namespace ?? '';
  if (peer.namespaceSelector) {
    const labels = store.get<Namespace>('namespaces', '', namespace)?.metadata.labels ?? {};
    if (!labelSelectorMatches(peer.namespaceSelector, labels)) return false;
  } else if (namespace !== policyNamespace) return false;
  return !peer.podSelector || labelSelectorMatches(peer.podSelector, pod.metadata.labels ?? {});
}

/** A port by name is that of the pod that is connected to. */
function portMatches({ port, endPort, protocol = 'TCP' }: PolicyPort, connection: Connection): boolean {
  if (protocol !== connection.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return connection.port >= port && connection.port <= (endPort ?? port);
  const { containers = [], initContainers = [] } = connection.to.pod?.spec ?? {};
  return [...containers, ...initContainers]
    .flatMap(({ ports = [] }) => ports)
    .some((one) => one.name === port && (one.protocol ?? 'TCP') === protocol && one.containerPort === connection.port);
}

function ruleAllows(store: Reader, rule: Rule, policyNamespace: string, other: Party, connection: Connection): boolean {
  const peers = 'from' in rule ? rule.from : 'to' in rule ? rule.to : undefined;
  const { ports = [] } = rule;
  const peerAllowed = !peers?.length || peers.some((peer) => peerMatches(store, peer, policyNamespace, other));
  return peerAllowed && (ports.length === 0 || ports.some((port) => portMatches(port, connection)));
}

function allows(store: Reader, direction: Direction, connection: Connection): boolean {
  const [subject, other] =
    direction === 'Ingress' ? [connection.to, connection.from] : [connection.from, connection.to];
  if (!isSubject(subject.pod)) return true;
  const namespace = subject.pod.metadata.namespace ?? '';
  const policies = policiesFor(store, subject.pod, direction);
  if (policies.length === 0) return true;
  return policies.some((spec) =>
    ((direction === 'Ingress' ? spec.ingress : spec.egress) ?? []).some((rule) =>
      ruleAllows(store, rule, namespace, other, connection),
    ),
  );
}

/** A pod always reaches itself, and a node the pods on it: its kubelet must be able to probe them. */
export function isLocal({ from, to }: Connection): boolean {
  if (from.pod && to.pod && from.pod.metadata.uid === to.pod.metadata.uid) return true;
  return !isSubject(from.pod) && to.pod?.status?.hostIP !== undefined && to.pod.status.hostIP === from.address;
}

export const allowsEgress = (store: Reader, connection: Connection): boolean => allows(store, 'Egress', connection);
export const allowsIngress = (store: Reader, connection: Connection): boolean => allows(store, 'Ingress', connection);

export const policiesAllow = (store: Reader, connection: Connection): boolean =>
  isLocal(connection) || (allowsEgress(store, connection) && allowsIngress(store, connection));
