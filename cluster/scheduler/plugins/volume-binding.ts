import { equal } from '../../api/merge.ts';
import type { PersistentVolumeClaim } from '../../api/types.ts';
import { newOrRelabelled, unresolvable, type Plugin } from '../framework.ts';
import { claimNamesOf, claimsOf, planVolumes } from '../volumes.ts';

/** Every claim must be bound, or be of a kind that can be bound on the node. */
export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  hints: {
    nodes: newOrRelabelled,
    persistentvolumes: (_pod, { after }) => after !== undefined,
    persistentvolumeclaims: (pod, { after }) =>
      after !== undefined &&
      after.metadata.namespace === pod.metadata.namespace &&
      claimNamesOf(pod).some(({ name }) => name === after.metadata.name),
    'storageclasses.storage.k8s.io': (_pod, { before, after }) =>
      after !== undefined && (!before || !equal(before.allowedTopologies ?? [], after.allowedTopologies ?? [])),
    'csinodes.storage.k8s.io': (_pod, { before }) => before === undefined,
  },
  preFilter(cycle) {
    const names = claimNamesOf(cycle.pod);
    for (const { name, ephemeral } of names) {
      const claim = cycle.reader.get<PersistentVolumeClaim>('persistentvolumeclaims', cycle.namespace, name);
      const quoted = JSON.stringify(name);
      if (!claim) {
        return unresolvable(
          ephemeral
            ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
            : `persistentvolumeclaim ${quoted} not found`,
        );
      }
      if (claim.status?.phase === 'Lost') {
        const volume = JSON.stringify(claim.spec?.volumeName ?? '');
        return unresolvable(`persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${volume}`);
      }
      if (claim.metadata.deletionTimestamp) return unresolvable(`persistentvolumeclaim ${quoted} is being deleted`);
      const owned = claim.metadata.ownerReferences?.some(
        ({ uid, controller }) => controller && uid === cycle.pod.metadata.uid,
      );
      if (ephemeral && !owned) {
        const owner = `${cycle.namespace}/${cycle.pod.metadata.name}`;
        return unresolvable(`PVC ${cycle.namespace}/${name} was not created for pod ${owner} (pod is not owner)`);
      }
    }
    const waiting = claimsOf(cycle.pod, cycle.reader).immediate.length > 0;
    return waiting ? unresolvable('pod has unbound immediate PersistentVolumeClaims') : undefined;
  },
  filter(cycle, { node }) {
    const claims = cycle.memo('VolumeBinding', () => claimsOf(cycle.pod, cycle.reader));
    if (claims.bound.length === 0 && claims.delayed.length === 0) return undefined;
    const plan = planVolumes(claims, node, cycle.reader);
    return Array.isArray(plan) ? unresolvable(...plan) : undefined;
  },
};
