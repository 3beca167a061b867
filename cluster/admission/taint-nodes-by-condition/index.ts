import type { Node } from '../../api/types.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf } from '../request.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** New nodes take no pods until the node controller has seen them ready and takes the taint off. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  mutate(request) {
    const node = objectOf<Node>(request, 'nodes', 'CREATE');
    if (!node) return;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return;
    node.spec = { ...node.spec, taints: [...taints, NOT_READY] };
  },
};
