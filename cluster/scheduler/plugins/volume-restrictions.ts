import type { PersistentVolumeClaim } from '../../api/types.ts';
import { unresolvable, unschedulable, type Cycle, type Plugin } from '../framework.ts';

const IN_USE =
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';

const claimNames = (cycle: Cycle): string[] =>
  (cycle.pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

const claimNamed = (cycle: Cycle, name: string) =>
  cycle.reader.get<PersistentVolumeClaim>('persistentvolumeclaims', cycle.namespace, name);

/** Claims of this pod that may be used by one pod only, and are used by another, wherever it runs. */
function conflicts(cycle: Cycle): boolean {
  const single = new Set(
    claimNames(cycle).filter((name) => claimNamed(cycle, name)?.spec?.accessModes?.includes('ReadWriteOncePod')),
  );
  if (single.size === 0) return false;
  return cycle.snapshot.nodes.some(({ pods }) =>
    pods.some(
      (pod) =>
        pod.metadata.namespace === cycle.namespace &&
        (pod.spec?.volumes ?? []).some((volume) => single.has(volume.persistentVolumeClaim?.claimName ?? '')),
    ),
  );
}

/** A claim with access mode ReadWriteOncePod serves one pod in the whole cluster. */
export const volumeRestrictions: Plugin = {
  name: 'VolumeRestrictions',
  preFilter(cycle) {
    const missing = claimNames(cycle).find((name) => !claimNamed(cycle, name));
    return missing === undefined
      ? undefined
      : unresolvable(`persistentvolumeclaim ${JSON.stringify(missing)} not found`);
  },
  filter: (cycle) => (cycle.memo('VolumeRestrictions', () => conflicts(cycle)) ? unschedulable(IN_USE) : undefined),
};
