/** Watches over nodes: notices those that fall silent, and taints nodes by their conditions. */
import { equal } from '../../api/merge.ts';
import type { Event, Node } from '../../api/types.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { COMPONENT, LEASE_NAMESPACE, LEASES, lostAt, markLost, referenceTo } from './health.ts';
import { wantedAnnotations, wantedLabels, wantedTaints } from './taints.ts';

export { isNodeOff, nodeHeartbeat, switchNode } from './heartbeat.ts';

/** More nodes lost than this, and more than this share: something else must be wrong, and no pod is driven off. */
const MANY_LOST = 2;
const MANY_LOST_SHARE = 0.55;

/** Nodes seen so far, to tell those that are gone. */
const known = new WeakMap<ControllerContext, Map<string, Node>>();
function knownIn(context: ControllerContext): Map<string, Node> {
  const nodes = known.get(context) ?? new Map<string, Node>();
  known.set(context, nodes);
  return nodes;
}

function tell(node: Node, reason: string, what: string, { events }: ControllerContext): void {
  const message = `Node ${node.metadata.name} event: ${what}`;
  events.event(COMPONENT, { regarding: referenceTo(node), type: 'Normal', reason, message });
}

/** After a restart, nodes that were registered before are not told again. */
function greet(node: Node, context: ControllerContext): void {
  const { name, uid } = node.metadata;
  const nodes = knownIn(context);
  const seen = nodes.get(name)?.metadata.uid === uid;
  nodes.set(name, node);
  const told = ({ reason, involvedObject }: Event) => reason === 'RegisteredNode' && involvedObject.uid === uid;
  if (seen || context.client.list<Event>('events', 'default').some(told)) return;
  tell(node, 'RegisteredNode', `Registered Node ${name} in Controller`, context);
}

function driveOff({ client }: ControllerContext): boolean {
  const nodes = client.list<Node>('nodes');
  const ready = nodes.filter(({ status }) =>
    status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
  ).length;
  const lost = nodes.length - ready;
  return ready > 0 && !(lost > MANY_LOST && lost / nodes.length >= MANY_LOST_SHARE);
}

function reconcile(name: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const node = client.get<Node>('nodes', '', name);
  if (!node) {
    const gone = knownIn(context).get(name);
    if (gone) tell(gone, 'RemovingNode', `Removing Node ${name} from Controller`, context);
    knownIn(context).delete(name);
    return undefined;
  }
  greet(node, context);
  const now = clock.now();
  const lost = lostAt(node, context);
  const again = { afterMs: Math.max(lost - now, 0) + 1 };
  const taints = wantedTaints(node, driveOff(context), now);
  const metadata = { ...node.metadata, labels: wantedLabels(node), annotations: wantedAnnotations(node) };
  if (!equal(taints, node.spec?.taints ?? []) || !equal(metadata, node.metadata)) {
    const { taints: _, ...spec } = node.spec ?? {};
    client.update<Node>('nodes', {
      ...node,
      metadata,
      spec: taints.length === 0 ? spec : { ...spec, taints },
    });
    return again;
  }
  if (now <= lost) return again;
  markLost(node, context);
  // silent nodes are looked at again when they speak
  return undefined;
}

export const nodeLifecycle: Controller = {
  name: 'node-lifecycle-controller',
  user: 'system:serviceaccount:kube-system:node-controller',
  watches: {
    nodes: ({ type, object, old }, { client }) => {
      const own = object.metadata.name;
      const ready = (node: Node | undefined) => node?.status?.conditions?.find((one) => one.type === 'Ready')?.status;
      // whether pods are driven off one node depends on how many others are lost
      const others = type === 'MODIFIED' && ready(object) !== ready(old);
      return others ? client.list<Node>('nodes').map(({ metadata }) => metadata.name) : [own];
    },
    [LEASES]: ({ object, old }) =>
      object.metadata.namespace === LEASE_NAMESPACE && !old ? [object.metadata.name] : [],
  },
  reconcile,
};
