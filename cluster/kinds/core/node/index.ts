/** Nodes: the machines that pods run on. */
import type { Node } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { roundUpToMilli } from '../../pod-spec/defaults.ts';
import { nodeCells } from './columns.ts';
import { validateNode, validateNodeUpdate } from './validation.ts';

/** podCIDR is the first of podCIDRs: clients may give either, both are stored. */
function alignPodCidrs(node: Node): void {
  const { spec } = node;
  if (!spec) return;
  if (spec.podCIDR && spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR];
  else if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
}

export const node: Kind<Node> = {
  resource: 'nodes',
  hasGeneration: false,

  defaults(object) {
    object.spec ??= {};
    object.status ??= {};
    alignPodCidrs(object);
    const { capacity } = object.status;
    if (capacity) object.status.allocatable ??= { ...capacity };
    roundUpToMilli(capacity);
    roundUpToMilli(object.status.allocatable);
  },

  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  validateStatusUpdate: validateNodeUpdate,

  warnings: ({ spec }) => [
    ...(spec?.configSource ? ['spec.configSource: the feature is removed'] : []),
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
  ],

  fields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
  cells: nodeCells,
};
