/** Volumes that can't be mounted, and why. */
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Volume } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

interface Source {
  name: string;
  optional: boolean;
  keys: readonly string[];
}

/** What every node has; anything else on a node's disk is made by pods, or not there. */
const FOLDERS =
  /^\/(|bin|boot|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(log|lib|run|cache|tmp|kubernetes|containerd|kubelet|manifests|pki|local|share|bin)\/?)*$/;
const FILES = new Set([
  '/etc/hostname',
  '/etc/hosts',
  '/etc/passwd',
  '/etc/group',
  '/etc/os-release',
  '/etc/resolv.conf',
  '/etc/localtime',
  '/etc/machine-id',
]);
const SOCKETS = new Set(['/run/containerd/containerd.sock', '/var/run/containerd/containerd.sock']);

export interface MountProblem {
  /** Absent: nothing is tried, it can't even be attached. */
  volume?: string;
  /** The event's. */
  message: string;
}

/** What keeps the pod's volumes from being mounted. */
export function mountProblems(store: Reader, pod: Pod): MountProblem[] {
  const namespace = pod.metadata.namespace ?? '';
  return (pod.spec?.volumes ?? []).flatMap((volume): MountProblem[] => {
    const claimName =
      volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${pod.metadata.name}-${volume.name}`);
    if (claimName !== undefined) return claimProblem(store, namespace, volume.name, claimName);
    const why =
      volumeSources(volume)
        .map((source) => missing(store, namespace, source))
        .find((found) => found !== undefined) ??
      (volume.hostPath && hostPathProblem(volume.hostPath.path, volume.hostPath.type));
    return why === undefined ? [] : [{ volume: volume.name, message: failedSetUp(volume.name, why) }];
  });
}
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

function claimProblem(store: Reader, namespace: string, volume: string, name: string): MountProblem[] {
  const failed = (why: string): MountProblem[] => [
    {
      message: `Unable to attach or mount volumes: unmounted volumes=[${volume}], unattached volumes=[], failed to process volumes=[${volume}]: error processing PVC ${namespace}/${name}: ${why}`,
    },
  ];
  const claim = store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
  if (claim === undefined) {
    return failed(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  }
  if (claim.status?.phase !== 'Bound') return failed('PVC is not bound');
  const bound = store.get<PersistentVolume>('persistentvolumes', '', claim.spec?.volumeName ?? '');
  const hostPath = bound?.spec?.hostPath;
  const wrong = hostPath && hostPathProblem(hostPath.path, hostPath.type);
  return wrong === undefined
    ? []
    : [{ volume: bound?.metadata.name ?? '', message: failedSetUp(bound?.metadata.name ?? '', wrong) }];
}

function hostPathProblem(path: string, type: string | undefined): string | undefined {
  const fails = (what: string) => `hostPath type check failed: ${path} is not a ${what}`;
  switch (type) {
    case 'Directory':
      return FOLDERS.test(path) ? undefined : fails('directory');
    case 'File':
      return FILES.has(path) ? undefined : fails('file');
    case 'Socket':
      return SOCKETS.has(path) ? undefined : fails('socket file');
    case 'CharDevice':
      return path.startsWith('/dev/') ? undefined : fails('character device');
    case 'BlockDevice':
      return fails('block device');
    default:
      return undefined;
  }
}
