/** Volumes that are emptied and given to the next claim: directories of a host or on an NFS server, by a pod that deletes what is in them. */
import { parseQuantity } from '../../api/quantity.ts';
import type { Event, PersistentVolume, Pod, Volume } from '../../api/types.ts';
import type { ControllerContext } from '../controller.ts';
import { tell, unbind } from './writing.ts';

const NAMESPACE = 'default';
const PREFIX = 'recycler-for-';
const IMAGE = 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.6';
const SCRUB = 'test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1';
/** Seconds that emptying may take: at least, and for each GiB. */
const DEADLINES = { hostPath: 60, nfs: 300 };
const SECONDS_A_GIB = 30;
const GIB = 1024 ** 3;

/** The volume that a pod of that name empties. */
export const recycledBy = (namespace: string | undefined, pod: string | undefined): string | undefined =>
  namespace === NAMESPACE && pod?.startsWith(PREFIX) ? pod.slice(PREFIX.length) : undefined;

function podFor({ metadata, spec }: PersistentVolume): Pod {
  const size = parseQuantity(spec?.capacity?.['storage'] ?? '0')?.toNumber() ?? 0;
  const least = spec?.hostPath ? DEADLINES.hostPath : DEADLINES.nfs;
  const source: Omit<Volume, 'name'> = spec?.hostPath
    ? { hostPath: { path: spec.hostPath.path } }
    : { nfs: { server: spec?.nfs?.server ?? '', path: spec?.nfs?.path ?? '' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: PREFIX + metadata.name, namespace: NAMESPACE },
    spec: {
      activeDeadlineSeconds: Math.max(Math.floor(size / GIB) * SECONDS_A_GIB, least),
      restartPolicy: 'Never',
      volumes: [{ name: 'vol', ...source }],
      containers: [
        {
          name: 'pv-recycler',
          image: IMAGE,
          command: ['/bin/sh'],
          args: ['-c', SCRUB],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
      ],
    },
  };
}

/** One step of it. Returns what went wrong; undefined: nothing, or it is not over yet. */
export function recycleByPod(volume: PersistentVolume, context: ControllerContext): string | undefined {
  const { client } = context;
  const name = PREFIX + volume.metadata.name;
  const pod = client.get<Pod>('pods', NAMESPACE, name);
  if (!pod) {
    client.create('pods', podFor(volume));
    return undefined;
  }
  // an earlier one that is on its way out: the next round tries again
  if (pod.metadata.deletionTimestamp) return 'old recycler pod found, will retry later';
  const { phase, message } = pod.status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  client.delete('pods', NAMESPACE, name);
  if (phase === 'Failed') return `failed to recycle volume: ${message ?? 'pod failed, pod.Status.Message unknown'}`;
  tell(context, volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
  unbind(volume, context);
  return undefined;
}

/** What is said of the pod is said of its volume, too. */
export function repeatEvent(event: Event, volume: PersistentVolume, context: ControllerContext): void {
  const type = event.type === 'Warning' ? 'Warning' : 'Normal';
  tell(context, volume, type, 'RecyclerPod', `Recycler pod: ${event.message ?? ''}`);
}
