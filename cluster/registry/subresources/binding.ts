/** pods/binding: the scheduler's (or anyone's) word on which node a pod runs. */
import { conflict, notFoundError } from '../../api/status.ts';
import type { KubeObject, Pod } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import type { Backend, RequestContext, Target } from '../context.ts';

/** Go writes a time that was never set as null. */
const NEVER = null as unknown as string;

interface Binding extends KubeObject {
  target?: { kind?: string; name?: string };
}

export function bind(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  body: KubeObject,
  context: RequestContext,
): undefined {
  const { store, clock } = backend;
  const old = store.get<Pod>(target.name, namespace, name);
  if (!old) throw notFoundError(target.info, name);
  const nodeName = (body as Binding).target?.name ?? '';
  if (old.metadata.deletionTimestamp)
    throw conflict(target.info, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (old.spec?.nodeName) {
    throw conflict(target.info, name, `pod ${name} is already assigned to node ${JSON.stringify(old.spec.nodeName)}`);
  }
  if ((old.spec?.schedulingGates ?? []).length > 0) {
    throw conflict(target.info, name, `pod ${name} has non-empty .spec.schedulingGates`);
  }
  if (context.dryRun) return undefined;
  const pod = structuredClone(old);
  const others = (pod.status?.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled');
  pod.spec = { containers: [], ...pod.spec, nodeName };
  // a nomination is over once the pod has its node
  const { nominatedNodeName: _over, ...status } = pod.status ?? {};
  pod.status = {
    ...status,
    conditions: [
      ...others,
      { type: 'PodScheduled', status: 'True', lastProbeTime: NEVER, lastTransitionTime: timeText(clock.now()) },
    ],
  };
  store.put(target.name, pod);
  return undefined;
}
