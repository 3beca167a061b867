/**
 * Where add-ons run that are not on every node: on the control plane where there is one, so that the workers hold the learner's pods and
 * draining one concerns nobody else's data.
 */
import type { Affinity, Toleration } from '../api/types.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

export const TOLERATES_CONTROL_PLANE: Toleration = { key: CONTROL_PLANE, effect: 'NoSchedule', operator: 'Exists' };

export const PREFERS_CONTROL_PLANE: Affinity = {
  nodeAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, preference: { matchExpressions: [{ key: CONTROL_PLANE, operator: 'Exists' }] } },
    ],
  },
};
