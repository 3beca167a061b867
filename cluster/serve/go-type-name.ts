/** How Go names a kind's internal type, which a few refusals let show: `core.Pod`, `rbac.ClusterRole`. */
import type { ResourceInfo } from '../schema/resources.ts';

export const goTypeName = ({ group, kind }: Pick<ResourceInfo, 'group' | 'kind'>): string =>
  `${group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? '')}.${kind}`;
