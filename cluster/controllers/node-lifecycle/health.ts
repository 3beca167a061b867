/** Whether a node still reports: a node that is silent for too long is no longer known to be ready. */
import type { KubeObject, Lease, Node, Pod } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import type { ControllerContext } from '../controller.ts';

export const COMPONENT = 'node-controller';
export const LEASES = 'leases.coordination.k8s.io';
export const LEASE_NAMESPACE = 'kube-node-lease';
/** Milliseconds of silence after which a node counts as lost; for one that never reported. */
const GRACE_MS = 50 * 1000;
const STARTUP_GRACE_MS = 60 * 1000;
const REPORTED = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

type Conditions = NonNullable<NonNullable<Node['status']>['conditions']>;

/** Events about nodes name them and no more. */
export const referenceTo = ({ metadata: { name, uid } }: Node): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, ...(uid === undefined ? {} : { uid }) },
});

/** Milliseconds since 1970 after which the node counts as lost if it stays silent. */
export function lostAt(node: Node, { client }: ControllerContext): number {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const lease = client.get<Lease>(LEASES, LEASE_NAMESPACE, node.metadata.name);
  const at = (time: string | undefined) => Date.parse(time ?? '') || 0;
  const reported = ready?.lastHeartbeatTime ?? node.metadata.creationTimestamp;
  return Math.max(at(reported), at(lease?.spec?.renewTime)) + (ready ? GRACE_MS : STARTUP_GRACE_MS);
}

function unknownConditions(node: Node, now: number): Conditions {
  const at = timeText(now);
  const conditions = node.status?.conditions ?? [];
  const known = conditions.map((condition) =>
    REPORTED.includes(condition.type) && condition.status !== 'Unknown'
      ? {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: at,
        }
      : condition,
  );
  const never = REPORTED.filter((type) => !conditions.some((condition) => condition.type === type)).map((type) => ({
    type,
    status: 'Unknown',
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
    ...(node.metadata.creationTimestamp ? { lastHeartbeatTime: node.metadata.creationTimestamp } : {}),
    lastTransitionTime: at,
  }));
  return [...known, ...never];
}

function markPodsNotReady(node: Node, { client, clock, events }: ControllerContext): void {
  for (const pod of client.list<Pod>('pods')) {
    if (pod.spec?.nodeName !== node.metadata.name) continue;
    const conditions = pod.status?.conditions ?? [];
    if (!conditions.some(({ type, status }) => type === 'Ready' && status !== 'False')) continue;
    const next = conditions.map((condition) =>
      condition.type === 'Ready'
        ? { ...condition, status: 'False', lastTransitionTime: timeText(clock.now()) }
        : condition,
    );
    client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions: next } });
    const message = 'Node is not ready';
    events.event(COMPONENT, { regarding: pod, type: 'Warning', reason: 'NodeNotReady', message });
  }
}

/** Called when the node has been silent for too long; does nothing more when that is known already. */
export function markLost(node: Node, context: ControllerContext): void {
  const { client, clock, events } = context;
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  if (ready === 'Unknown') return;
  const conditions = unknownConditions(node, clock.now());
  client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } });
  if (ready !== 'True') return;
  const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
  events.event(COMPONENT, { regarding: referenceTo(node), type: 'Normal', reason: 'NodeNotReady', message });
  markPodsNotReady(node, context);
}
