import type { PersistentVolumeClaim, Pod, Volume } from '../../api/types.ts';
import { SKIP, unresolvable, unschedulable, type Cycle, type Plugin } from '../framework.ts';

const NO_DISK = 'node(s) had no available disk';

const IN_USE =
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';

const claimNames = (cycle: Cycle): string[] => claimsIn(cycle.pod);

const claimsIn = ({ spec }: Pod): string[] =>
  (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

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

/** Disks that only one pod may write to at a time. */
const isDisk = ({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume) =>
  Boolean(gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi);

/** Whether both mean the same disk and one of them writes to it. */
function sameDisk(a: Volume, b: Volume): boolean {
  const [gce, otherGce] = [a.gcePersistentDisk, b.gcePersistentDisk];
  if (gce && otherGce && gce.pdName === otherGce.pdName && !(gce.readOnly && otherGce.readOnly)) return true;
  const [ebs, otherEbs] = [a.awsElasticBlockStore, b.awsElasticBlockStore];
  if (ebs && otherEbs && ebs.volumeID === otherEbs.volumeID) return true;
  const [iscsi, otherIscsi] = [a.iscsi, b.iscsi];
  if (iscsi && otherIscsi && iscsi.iqn === otherIscsi.iqn && !(iscsi.readOnly && otherIscsi.readOnly)) return true;
  const [rbd, otherRbd] = [a.rbd, b.rbd];
  return (
    rbd !== undefined &&
    otherRbd !== undefined &&
    rbd.monitors.some((monitor) => otherRbd.monitors.includes(monitor)) &&
    rbd.pool === otherRbd.pool &&
    rbd.image === otherRbd.image &&
    !(rbd.readOnly && otherRbd.readOnly)
  );
}

const disksOf = (pod: Pod): Volume[] => (pod.spec?.volumes ?? []).filter(isDisk);

/** Disks that others on the node use. */
const disksTaken = (pod: Pod, others: readonly Pod[]): boolean =>
  disksOf(pod).some((disk) => others.some((other) => disksOf(other).some((taken) => sameDisk(disk, taken))));

/** A claim with access mode ReadWriteOncePod serves one pod in the whole cluster. */
export const volumeRestrictions: Plugin = {
  name: 'VolumeRestrictions',
  hints: {
    nodes: (_pod, { before }) => before === undefined,
    persistentvolumeclaims: (pod, { before, after }) =>
      before === undefined &&
      after?.metadata.namespace === pod.metadata.namespace &&
      claimsIn(pod).includes(after?.metadata.name ?? ''),
    pods(pod, { before, after }) {
      if (!before || after || before.metadata.namespace !== pod.metadata.namespace) return false;
      return disksTaken(pod, [before]) || claimsIn(before).some((name) => claimsIn(pod).includes(name));
    },
  },
  preFilter(cycle) {
    const missing = claimNames(cycle).find((name) => !claimNamed(cycle, name));
    if (missing !== undefined) return unresolvable(`persistentvolumeclaim ${JSON.stringify(missing)} not found`);
    const inUse = cycle.memo('VolumeRestrictions', () => conflicts(cycle));
    return inUse || disksOf(cycle.pod).length > 0 ? undefined : SKIP;
  },
  filter(cycle, { pods }) {
    if (disksTaken(cycle.pod, pods)) return unschedulable(NO_DISK);
    return cycle.memo('VolumeRestrictions', () => conflicts(cycle)) ? unschedulable(IN_USE) : undefined;
  },
};
