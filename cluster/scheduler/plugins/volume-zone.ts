import { equal } from '../../api/merge.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { classOfClaim } from '../../storage/matching.ts';
import { labelsOf, newOrRelabelled, SKIP, unresolvable, type Cycle, type Plugin } from '../framework.ts';
import { claimNamesOf } from '../volumes.ts';

/** Volumes carry these labels when they can be used in one zone or region only. The old names mean the same as the new. */
const GA_KEY: Record<string, string> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
};

interface Zone {
  key: string;
  values: readonly string[];
}

function zones(cycle: Cycle): Zone[] {
  return claimNamesOf(cycle.pod).flatMap(({ name }) => {
    const claim = cycle.reader.get<PersistentVolumeClaim>('persistentvolumeclaims', cycle.namespace, name);
    const volume = cycle.reader.get<PersistentVolume>('persistentvolumes', '', claim?.spec?.volumeName ?? '');
    return volume ? zonesOf(volume) : [];
  });
}

const zonesOf = (volume: PersistentVolume): Zone[] =>
  Object.entries(labelsOf(volume))
    .filter(([key]) => Object.hasOwn(GA_KEY, key))
    .map(([key, value]) => ({ key, values: value.split('__') }));

/** A bound volume's zone and region labels must be the node's. */
export const volumeZone: Plugin = {
  name: 'VolumeZone',
  hints: {
    nodes: newOrRelabelled,
    persistentvolumes: (_pod, { before, after }) =>
      after !== undefined && (!before || !equal(zonesOf(before), zonesOf(after))),
    persistentvolumeclaims: (pod, { after }) =>
      after !== undefined &&
      after.metadata.namespace === pod.metadata.namespace &&
      claimNamesOf(pod).some(({ name }) => name === after.metadata.name),
    'storageclasses.storage.k8s.io': (_pod, { before, after }) =>
      before === undefined && after?.volumeBindingMode === 'WaitForFirstConsumer',
  },
  preFilter(cycle) {
    const { reader, namespace } = cycle;
    for (const { name } of claimNamesOf(cycle.pod)) {
      const notFound = (what: string, which: string) => unresolvable(`${what} ${JSON.stringify(which)} not found`);
      const claim = reader.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
      if (!claim) return notFound('persistentvolumeclaim', name);
      const { volumeName } = claim.spec ?? {};
      if (volumeName) {
        if (!reader.get('persistentvolumes', '', volumeName)) return notFound('persistentvolume', volumeName);
        continue;
      }
      const className = classOfClaim(claim);
      if (!className) return unresolvable('PersistentVolumeClaim had no pv name and storageClass name');
      const storageClass = reader.get<StorageClass>('storageclasses.storage.k8s.io', '', className);
      if (!storageClass) return notFound('storageclass.storage.k8s.io', className);
      if (storageClass.volumeBindingMode !== 'WaitForFirstConsumer')
        return unresolvable('PersistentVolume had no name');
    }
    return cycle.memo('VolumeZone', () => zones(cycle)).length === 0 ? SKIP : undefined;
  },
  filter(cycle, { node }) {
    const labels = labelsOf(node);
    if (!Object.keys(GA_KEY).some((key) => Object.hasOwn(labels, key))) return undefined;
    const fits = cycle
      .memo('VolumeZone', () => zones(cycle))
      .every(({ key, values }) => values.includes(labels[key] ?? labels[GA_KEY[key] ?? ''] ?? ''));
    return fits ? undefined : unresolvable('node(s) had no available volume zone');
  },
};
