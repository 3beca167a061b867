/** Giving a pod its node: volumes first, then the pod itself. */
import type { KubeObject, PersistentVolumeClaim, Pod } from '../api/types.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import { pointedAt, SELECTED_NODE } from '../storage/matching.ts';
import { DEFAULT_SCHEDULER } from './configuration/profiles.ts';
import { nominated } from './reporting.ts';
import type { NodeInfo } from './snapshot.ts';
import { claimsOf, planVolumes } from './volumes.ts';

function selectNode(claim: PersistentVolumeClaim, node: string, { client }: ControllerContext): void {
  if (claim.metadata.annotations?.[SELECTED_NODE] === node) return;
  const annotations = { ...claim.metadata.annotations, [SELECTED_NODE]: node };
  client.update('persistentvolumeclaims', { ...claim, metadata: { ...claim.metadata, annotations } });
}

/** Starts binding what is not bound yet. False: all is bound. The volume binder, or a provisioner, does the rest. */
function bindVolumes(pod: Pod, { node, name }: NodeInfo, context: ControllerContext): boolean {
  const { client } = context;
  const claims = claimsOf(pod, client);
  if (claims.delayed.length === 0) return false;
  const plan = planVolumes(claims, node, client);
  // the filters have just found the node possible, and nothing has changed since
  if (Array.isArray(plan)) return false;
  const promised = nominated(pod, name);
  if (promised) client.updateStatus('pods', promised);
  for (const { volume, claim } of plan.bindings) {
    const pointed = pointedAt(volume, claim);
    if (pointed) client.update('persistentvolumes', pointed);
  }
  for (const claim of plan.provisions) selectNode(claim, name, context);
  return true;
}

export type Bound = 'bound' | 'waiting for volumes';

/** @throws StatusError when the API refuses the binding */
export function bind(pod: Pod, info: NodeInfo, context: ControllerContext): Bound {
  if (bindVolumes(pod, info, context)) return 'waiting for volumes';
  const { namespace = '', name, uid } = pod.metadata;
  const binding = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace, ...(uid === undefined ? {} : { uid }) },
    target: { kind: 'Node', name: info.name },
  } satisfies KubeObject & { target: object };
  context.client.createSubresource('pods', namespace, name, 'binding', binding);
  context.events.event(pod.spec?.schedulerName ?? DEFAULT_SCHEDULER, {
    regarding: pod,
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${namespace}/${name} to ${info.name}`,
    action: 'Binding',
  });
  return 'bound';
}
