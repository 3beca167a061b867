import { tolerates } from '../../api/taints.ts';
import type { Pod } from '../../api/types.ts';
import { isSame, tolerationsOf, unresolvable, type Plugin } from '../framework.ts';

const CORDONED = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const putsUpWithIt = (pod: Pod): boolean => tolerationsOf(pod).some((toleration) => tolerates(toleration, CORDONED));

/** A cordoned node takes only pods that tolerate the taint it will get for it. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  hints: {
    hearsTaints: true,
    nodes: (_pod, { before, after }) =>
      after !== undefined && !after.spec?.unschedulable && (!before || before.spec?.unschedulable === true),
    pods: (pod, { before, after }) =>
      before !== undefined &&
      isSame(after, pod) &&
      tolerationsOf(before).length !== tolerationsOf(pod).length &&
      putsUpWithIt(pod),
  },
  filter: (cycle, { node }) =>
    node.spec?.unschedulable && !putsUpWithIt(cycle.pod) ? unresolvable('node(s) were unschedulable') : undefined,
};
