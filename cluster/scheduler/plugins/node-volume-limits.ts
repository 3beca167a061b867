import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/types.ts';
import { classOfClaim } from '../../storage/matching.ts';
import type { Reader } from '../../store/client.ts';
import { leftNode, unschedulable, type Cycle, type Plugin } from '../framework.ts';
import { claimNamesOf } from '../volumes.ts';

const TOO_MANY = 'node(s) exceed max volume count';
const BUILT_IN = 'kubernetes.io/';

interface CsiNode extends KubeObject {
  spec: { drivers?: { name: string; allocatable?: { count?: number } }[] };
}
interface VolumeAttachment extends KubeObject {
  spec: { attacher: string; nodeName: string; source: { persistentVolumeName?: string } };
}

/** A CSI volume: its driver, and a handle that tells it from the driver's others. */
interface DriverVolume {
  driver: string;
  key: string;
}

/** A volume that is still to be made counts for the driver that will make it, each claim as one. */
function volumeOf(claim: PersistentVolumeClaim, reader: Reader): DriverVolume | undefined {
  const name = claim.spec?.volumeName;
  const volume = name ? reader.get<PersistentVolume>('persistentvolumes', '', name) : undefined;
  if (volume) {
    const csi = volume.spec?.csi;
    return csi && { driver: csi.driver, key: `${csi.driver}/${csi.volumeHandle}` };
  }
  const storageClass = reader.get<StorageClass>('storageclasses.storage.k8s.io', '', classOfClaim(claim));
  const driver = storageClass?.provisioner;
  if (!driver || driver.startsWith(BUILT_IN)) return undefined;
  return { driver, key: `${driver}/${claim.metadata.namespace}/${claim.metadata.name}` };
}

function volumesOf(pod: Pod, reader: Reader): DriverVolume[] {
  const namespace = pod.metadata.namespace ?? '';
  return claimNamesOf(pod).flatMap(({ name }) => {
    const claim = reader.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
    return (claim && volumeOf(claim, reader)) ?? [];
  });
}

function attachedTo(node: string, reader: Reader): DriverVolume[] {
  return reader
    .list<VolumeAttachment>('volumeattachments.storage.k8s.io')
    .filter(({ spec }) => spec.nodeName === node)
    .flatMap(({ spec }) => {
      const volume = reader.get<PersistentVolume>('persistentvolumes', '', spec.source.persistentVolumeName ?? '');
      const handle = volume?.spec?.csi?.volumeHandle;
      return handle === undefined ? [] : [{ driver: spec.attacher, key: `${spec.attacher}/${handle}` }];
    });
}

const countOf = ({ spec }: CsiNode, driver: string): number =>
  spec.drivers?.find(({ name }) => name === driver)?.allocatable?.count ?? 0;
const allowsMore = (before: CsiNode, after: CsiNode): boolean =>
  (after.spec.drivers ?? []).some(({ name }) => countOf(after, name) > countOf(before, name));

/** How many volumes of a driver fit on a node its CSINode says; without it, any number. */
export const nodeVolumeLimits: Plugin = {
  name: 'NodeVolumeLimits',
  hints: {
    'csinodes.storage.k8s.io': (_pod, { before, after }) =>
      after !== undefined && (!before || allowsMore(before as CsiNode, after as CsiNode)),
    pods: (_pod, happening) => leftNode(happening) && claimNamesOf(happening.before ?? _pod).length > 0,
    persistentvolumeclaims: (pod, { before, after }) =>
      before === undefined &&
      after?.metadata.namespace === pod.metadata.namespace &&
      claimNamesOf(pod).some(({ name }) => name === after?.metadata.name),
    'volumeattachments.storage.k8s.io': (pod, { after }) =>
      after === undefined && (pod.spec?.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim),
  },
  filter(cycle: Cycle, { node, pods }) {
    const { reader, pod } = cycle;
    const wanted = cycle.memo('NodeVolumeLimits', () => volumesOf(pod, reader));
    if (wanted.length === 0) return undefined;
    const drivers = reader.get<CsiNode>('csinodes.storage.k8s.io', '', node.metadata.name)?.spec.drivers ?? [];
    if (!drivers.some(({ allocatable }) => allocatable?.count !== undefined)) return undefined;
    const distinct = (volumes: readonly DriverVolume[]) => new Map(volumes.map(({ driver, key }) => [key, driver]));
    const used = distinct(pods.flatMap((one) => volumesOf(one, reader)));
    const there = new Map([...distinct(attachedTo(node.metadata.name, reader)), ...used]);
    // attached, but used by no pod yet: counts twice when this pod is the one to use it
    const added = new Map([...distinct(wanted)].filter(([key]) => !used.has(key)));
    const full = drivers.some(({ name, allocatable }) => {
      const count = (volumes: ReadonlyMap<string, string>) =>
        [...volumes.values()].filter((driver) => driver === name).length;
      // what is there already may be more than the limit: only a volume that would be added is refused
      return allocatable?.count !== undefined && count(added) > 0 && count(there) + count(added) > allocatable.count;
    });
    return full ? unschedulable(TOO_MANY) : undefined;
  },
};
