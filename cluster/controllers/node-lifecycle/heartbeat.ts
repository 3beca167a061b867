/**
 * The sign of life that each node's kubelet gives: a Lease renewed every ten seconds, the node's status every five minutes.
 * A node is switched off by an annotation of its Lease, so that a copied cluster has the same nodes on and off.
 */
import type { Lease, Node } from '../../api/types.ts';
import { microTimeText, timeText } from '../../api/time.ts';
import { MACHINES, machineState } from '../../machines.ts';
import { CNI_CONFIGS, NODE_FILES, nodeFiles } from '../../node-files.ts';
import type { Client } from '../../store/client.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { LEASE_NAMESPACE, LEASES } from './health.ts';

const OFF = 'drydock.dev/node-off';
const RENEW_MS = 10 * 1000;
const REPORT_MS = 5 * 60 * 1000;
const LEASE_SECONDS = 40;

const HEALTHY: Record<string, { status: string; reason: string; message: string }> = {
  MemoryPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  DiskPressure: { status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
  PIDPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  Ready: { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
};

export const isNodeOff = (client: Pick<Client, 'get'>, name: string): boolean =>
  client.get<Lease>(LEASES, LEASE_NAMESPACE, name)?.metadata.annotations?.[OFF] === 'true';

/** Stops or starts the node's kubelet. A node that is off is noticed as lost after 50 seconds. @throws StatusError */
export function switchNode(client: Client, name: string, on: boolean): void {
  const lease = client.get<Lease>(LEASES, LEASE_NAMESPACE, name);
  if (!lease) return;
  const { [OFF]: _, ...annotations } = lease.metadata.annotations ?? {};
  if (!on) annotations[OFF] = 'true';
  client.update(LEASES, { ...lease, metadata: { ...lease.metadata, annotations } });
}

/** Returns the milliseconds until the next renewal; a lease that was renewed a moment ago is left alone. */
function renew(node: Node, { client, clock }: ControllerContext): number {
  const { name, uid = '' } = node.metadata;
  const now = clock.now();
  const renewTime = microTimeText(now);
  const lease = client.get<Lease>(LEASES, LEASE_NAMESPACE, name);
  const due = (Date.parse(lease?.spec?.renewTime ?? '') || 0) + RENEW_MS;
  if (lease && due > now) return due - now;
  if (lease) client.update(LEASES, { ...lease, spec: { ...lease.spec, renewTime } });
  else {
    client.create<Lease>(LEASES, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: LEASE_NAMESPACE, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
      spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime },
    });
  }
  return RENEW_MS;
}

const READY = { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const NO_NETWORK =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

/** Why the node's kubelet can't run pods, as it says itself; undefined: it can. A machine that kubeadm has not set up needs no network. */
function notReady(client: Client, name: string): string | undefined {
  if (!machineState(client, name).containerd.runs) return 'container runtime is down';
  const files = nodeFiles(client, name);
  if (files[KUBELET_CONF] === undefined) return undefined;
  const configured = Object.keys(files).some(
    (path) =>
      path.startsWith(`${CNI_CONFIGS}/`) && /^[^/]+\.(conf|conflist|json)$/.test(path.slice(CNI_CONFIGS.length + 1)),
  );
  return configured ? undefined : NO_NETWORK;
}

/** Its readiness, where that is another than it was reported to be. Returns the node as it is then. */
function reportReadiness(node: Node, { client, clock, events }: ControllerContext): Node {
  const conditions = node.status?.conditions ?? [];
  const before = conditions.find(({ type }) => type === 'Ready');
  const { name } = node.metadata;
  const problem = notReady(client, name);
  const next = problem === undefined ? READY : { status: 'False', reason: 'KubeletNotReady', message: problem };
  const mends = before?.reason === 'KubeletNotReady' || problem !== undefined;
  if (!before || before.status === 'Unknown' || !mends || before.message === next.message) return node;
  const at = timeText(clock.now());
  const changed = before.status === next.status ? {} : { lastTransitionTime: at };
  const status = {
    ...node.status,
    conditions: conditions.map((one) =>
      one === before ? { ...one, ...next, lastHeartbeatTime: at, ...changed } : one,
    ),
  };
  const written = client.updateStatus<Node>('nodes', { ...node, status });
  if (before.status !== next.status) {
    const reason = problem === undefined ? 'NodeReady' : 'NodeNotReady';
    const message = `Node ${name} status is now: ${reason}`;
    events.event('kubelet', { regarding: node, type: 'Normal', reason, message }, name);
  }
  return written;
}

/** A new node's first report, one after it was taken for lost, or the regular one, which changes nothing but times. */
function report(node: Node, { client, clock, events }: ControllerContext): void {
  const conditions = node.status?.conditions ?? [];
  const now = clock.now();
  const at = timeText(now);
  const missing = Object.keys(HEALTHY).filter((type) => !conditions.some((condition) => condition.type === type));
  const lost = conditions.some(({ type, status }) => type in HEALTHY && status === 'Unknown');
  const last = Math.max(0, ...conditions.map(({ lastHeartbeatTime }) => Date.parse(lastHeartbeatTime ?? '') || 0));
  if (missing.length === 0 && !lost && now - last < REPORT_MS) return;
  const times = { lastHeartbeatTime: at, lastTransitionTime: at };
  const known = conditions.map((condition) => {
    const healthy = condition.status === 'Unknown' ? HEALTHY[condition.type] : undefined;
    return { ...condition, lastHeartbeatTime: at, ...(healthy ? { ...healthy, ...times } : {}) };
  });
  const first = missing.flatMap((type) => {
    const healthy = HEALTHY[type];
    return healthy ? [{ type, ...healthy, ...times }] : [];
  });
  const next = [...known, ...first];
  client.updateStatus('nodes', { ...node, status: { ...node.status, conditions: next } });
  if (!lost) return;
  const { name } = node.metadata;
  const message = `Node ${name} status is now: NodeReady`;
  events.event('kubelet', { regarding: node, type: 'Normal', reason: 'NodeReady', message }, name);
}

function reconcile(name: string, context: ControllerContext): Again {
  const node = context.client.get<Node>('nodes', '', name);
  if (!node || isNodeOff(context.client, name)) return undefined;
  const afterMs = renew(node, context);
  report(reportReadiness(node, context), context);
  return { afterMs };
}

export const nodeHeartbeat: Controller = {
  name: 'node-heartbeat',
  user: 'kubelet',
  watches: {
    nodes: ({ type, object }) => (type === 'ADDED' ? [object.metadata.name] : []),
    [MACHINES]: ({ object }) => [object.metadata.name],
    [NODE_FILES]: ({ object }) => [object.metadata.name],
    [LEASES]({ type, object, old }) {
      if (object.metadata.namespace !== LEASE_NAMESPACE) return [];
      const switched = type === 'MODIFIED' && old?.metadata.annotations?.[OFF] !== object.metadata.annotations?.[OFF];
      return type === 'DELETED' || switched ? [object.metadata.name] : [];
    },
  },
  reconcile,
};
