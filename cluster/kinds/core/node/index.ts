/** Nodes: the machines that pods run on. */
import { path } from '../../../api/field.ts';
import type { Node } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { cidrWarnings } from '../../networking/ip-warnings.ts';
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

  /** The kubelet's configuration came from the API once: what is left of it is dropped. */
  prepareForCreate({ spec, status }) {
    delete spec?.configSource;
    delete status?.config;
    delete status?.declaredFeatures;
  },
  prepareForUpdate({ spec }, old) {
    if (!old.spec?.configSource) delete spec?.configSource;
  },
  prepareForStatusUpdate({ status }, old) {
    if (!old.status?.config) delete status?.config;
    if (!old.status?.declaredFeatures) delete status?.declaredFeatures;
  },

  validate: validateNode,
  // the whole node is looked at first, and then what is about to change: some problems are told twice
  validateUpdate: (object, old) => [...validateNode(object), ...validateNodeUpdate(object, old)],
  validateStatusUpdate: validateNodeUpdate,

  warnings: ({ spec }) => [
    ...(spec?.configSource ? ['spec.configSource: the feature is removed'] : []),
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...(spec?.podCIDRs ?? []).flatMap((cidr, position) => cidrWarnings(cidr, path('spec', 'podCIDRs').index(position))),
  ],

  fields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
  cells: nodeCells,
};
