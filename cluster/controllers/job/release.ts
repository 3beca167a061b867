/** Pods are held until they have been counted, and then let go. */
import type { Pod } from '../../api/types.ts';
import type { ControllerContext } from '../controller.ts';
import { isTracked, TRACKING } from './pods.ts';

/** @throws StatusError */
export function release({ client }: ControllerContext, { metadata }: Pod): void {
  const pod = client.get<Pod>('pods', metadata.namespace ?? '', metadata.name);
  if (pod === undefined || pod.metadata.uid !== metadata.uid || !isTracked(pod)) return;
  const { finalizers = [], ...rest } = pod.metadata;
  const kept = finalizers.filter((one) => one !== TRACKING);
  client.update<Pod>('pods', { ...pod, metadata: kept.length === 0 ? rest : { ...rest, finalizers: kept } });
}
