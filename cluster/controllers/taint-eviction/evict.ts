/** Deletes a pod and leaves a note why. */
import type { Pod, PodCondition } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import type { ControllerContext } from '../controller.ts';

const WHY = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByTaintManager',
  message: 'Taint manager: deleting due to NoExecute taint',
};

export function evictPod(pod: Pod, { client, clock }: ControllerContext): void {
  const { generation, namespace = '', name } = pod.metadata;
  const conditions = pod.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === WHY.type);
  if (old?.reason !== WHY.reason || old.status !== WHY.status) {
    const next = {
      lastProbeTime: null,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      ...WHY,
      lastTransitionTime: old?.status === WHY.status ? old.lastTransitionTime : timeText(clock.now()),
      // the wire carries null where the generated type knows only a time
    } as unknown as PodCondition;
    const kept = [...conditions.filter((one) => one !== old), next];
    client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions: kept } });
  }
  client.delete('pods', namespace, name);
}
