import { tolerates } from '../../api/taints.ts';
import { tolerationsOf, unresolvable, type Plugin } from '../framework.ts';

/** A cordoned node takes only pods that tolerate the taint it will get for it. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter(cycle, { node }) {
    if (!node.spec?.unschedulable) return undefined;
    const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
    const tolerated = tolerationsOf(cycle.pod).some((toleration) => tolerates(toleration, taint));
    return tolerated ? undefined : unresolvable('node(s) were unschedulable');
  },
};
