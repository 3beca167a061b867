/** Volumes that can't be mounted, and why. */
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Volume } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import { persistentVolumeProblem, volumeProblem, type Disk, type SourceProblem } from './volume-sources.ts';

interface Source {
  name: string;
  optional: boolean;
  keys: readonly string[];
}

export interface MountProblem {
  /** As the pod calls it. */
  name: string;
  /** Absent: nothing is tried, it can't even be attached. */
  volume?: string;
  /** The event's; '' while it is waited for, with nothing to say yet. */
  message: string;
}

/** What keeps the pod's volumes from being mounted. */
export function mountProblems(store: Reader, pod: Pod, disk: Disk): MountProblem[] {
  const namespace = pod.metadata.namespace ?? '';
  return (pod.spec?.volumes ?? []).flatMap((volume): MountProblem[] => {
    const claimName =
      volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${pod.metadata.name}-${volume.name}`);
    if (claimName !== undefined) return claimProblem(store, pod, disk, volume.name, claimName);
    const { name } = volume;
    const why = volumeSources(volume)
      .map((source) => missing(store, namespace, source))
      .find((found) => found !== undefined);
    if (why !== undefined) return [{ name, volume: name, message: failedSetUp(name, why) }];
    return told(name, name, volumeProblem(store, disk, pod, volume));
  });
}
const told = (name: string, volume: string, problem: SourceProblem | undefined): MountProblem[] =>
  problem === undefined ? [] : [{ name, volume, message: 'says' in problem ? problem.says : '' }];
const failedSetUp = (volume: string, why: string): string => `MountVolume.SetUp failed for volume "${volume}" : ${why}`;

type Kinded = Source & { kind: 'configmap' | 'secret' };

function volumeSources(volume: Volume): Kinded[] {
  const source = (
    kind: Kinded['kind'],
    from: { name?: string; secretName?: string; optional?: boolean; items?: { key: string }[] } | undefined,
  ): Kinded[] =>
    from === undefined
      ? []
      : [
          {
            kind,
            name: from.name ?? from.secretName ?? '',
            optional: from.optional === true,
            keys: (from.items ?? []).map((item) => item.key),
          },
        ];
  return [
    ...source('configmap', volume.configMap),
    ...source('secret', volume.secret),
    ...(volume.projected?.sources ?? []).flatMap((projection) => [
      ...source('configmap', projection.configMap),
      ...source('secret', projection.secret),
    ]),
  ];
}

function missing(store: Reader, namespace: string, { kind, name, optional, keys }: Kinded): string | undefined {
  const object =
    kind === 'configmap'
      ? store.get<ConfigMap>('configmaps', namespace, name)
      : store.get<Secret>('secrets', namespace, name);
  if (object === undefined) return optional ? undefined : `${kind} "${name}" not found`;
  const known = new Set([...Object.keys(object.data ?? {}), ...Object.keys((object as ConfigMap).binaryData ?? {})]);
  const absent = keys.find((key) => !known.has(key));
  if (absent === undefined || optional) return undefined;
  return kind === 'configmap'
    ? `configmap references non-existent config key: ${absent}`
    : `references non-existent secret key: ${absent}`;
}

function claimProblem(store: Reader, pod: Pod, disk: Disk, volume: string, name: string): MountProblem[] {
  const { namespace = '' } = pod.metadata;
  const failed = (why: string): MountProblem[] => [
    {
      name: volume,
      message: `Unable to attach or mount volumes: unmounted volumes=[${volume}], unattached volumes=[], failed to process volumes=[${volume}]: error processing PVC ${namespace}/${name}: ${why}`,
    },
  ];
  const claim = store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
  if (claim === undefined) {
    return failed(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  }
  if (claim.status?.phase !== 'Bound') return failed('PVC is not bound');
  const bound = store.get<PersistentVolume>('persistentvolumes', '', claim.spec?.volumeName ?? '');
  return bound ? told(volume, bound.metadata.name, persistentVolumeProblem(store, disk, pod, bound)) : [];
}
