import { findUntolerated, tolerates } from '../../api/taints.ts';
import type { Node, Pod } from '../../api/types.ts';
import { isSame, normalizeByHighest, taintsOf, tolerationsOf, unresolvable, type Plugin } from '../framework.ts';

const untolerated = (node: Node, pod: Pod): boolean =>
  findUntolerated(taintsOf(node), tolerationsOf(pod), ['NoSchedule', 'NoExecute']) !== undefined;

/** NoSchedule and NoExecute taints keep a pod away; each PreferNoSchedule taint it does not tolerate makes a node less liked. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  hints: {
    hearsTaints: true,
    nodes: (pod, { before, after }) =>
      after !== undefined && (!before || untolerated(before, pod)) && !untolerated(after, pod),
    pods: (pod, { before, after }) =>
      before !== undefined && isSame(after, pod) && tolerationsOf(before).length !== tolerationsOf(pod).length,
  },
  filter(cycle, { node }) {
    const taint = findUntolerated(taintsOf(node), tolerationsOf(cycle.pod), ['NoSchedule', 'NoExecute']);
    return taint && unresolvable('node(s) had untolerated taint(s)');
  },
  score(cycle, { node }) {
    const tolerations = tolerationsOf(cycle.pod).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    return taintsOf(node).filter(
      (taint) => taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
    ).length;
  },
  normalize: (scores) => normalizeByHighest(scores, true),
};
