/** Volumes that are somewhere else than in the cluster's own objects: directories of the node, NFS servers, CSI drivers. */
import type { KubeObject, Node, PersistentVolume, Pod, Service, Volume } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import { FileView } from './files/file-view.ts';
import type { Tree } from './files/file-tree.ts';

/** What is wrong with a source: the event's sentence, or that it is still waited for and nothing is said yet. */
export type SourceProblem = { says: string } | { waits: true };

/** Looked at only when something hangs on it. */
export type Disk = () => Tree;

const ROOT = { uid: 0, gid: 0, groups: [0], privileged: true };
const SOCKETS = new Set(['/run/containerd/containerd.sock', '/var/run/containerd/containerd.sock']);

/** A node's disk, links followed. */
const viewOf = (disk: Disk): FileView =>
  new FileView([{ path: '', tree: disk(), within: [], readOnly: false, type: 'ext4' }], ROOT, () => 0);

export function hostPathProblem(disk: Disk, path: string, type: string | undefined): string | undefined {
  const fails = (what: string) => `hostPath type check failed: ${path} is not a ${what}`;
  const kind = () => viewOf(disk).find(path)?.kind;
  switch (type) {
    case 'Directory':
      return kind() === 'folder' ? undefined : fails('directory');
    case 'File':
      return !SOCKETS.has(path) && kind() === 'file' ? undefined : fails('file');
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

/** Whether anything in the cluster has that name or address: nothing outside it answers. */
function isReachable(store: Reader, server: string): boolean {
  const nodes = store.list<Node>('nodes');
  if (
    nodes.some(
      ({ metadata, status }) => metadata.name === server || status?.addresses?.some((one) => one.address === server),
    )
  )
    return true;
  return (
    store.list<Service>('services').some(({ spec }) => spec?.clusterIP === server) ||
    store.list<Pod>('pods').some(({ status }) => status?.podIP === server)
  );
}

const NUMERIC = /^[\d.:]+$/;

function nfsProblem(store: Reader, pod: Pod, name: string, { server, path }: { server: string; path: string }) {
  if (isReachable(store, server)) return undefined;
  const target = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~nfs/${name}`;
  const why = NUMERIC.test(server)
    ? 'mount.nfs: Connection timed out'
    : `mount.nfs: Failed to resolve server ${server}: Name or service not known`;
  return `mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs ${server}:${path} ${target}\nOutput: ${why}\n`;
}

const noDriver = (driver: string) => `driver name ${driver} not found in the list of registered CSI drivers`;
const failed = (what: string, volume: string, why: string) => ({
  says: `${what} failed for volume "${volume}" : ${why}`,
});

interface Attachment extends KubeObject {
  spec: { nodeName: string; source: { persistentVolumeName?: string } };
  status?: { attached: boolean };
}
interface CsiDriver extends KubeObject {
  spec?: { attachRequired?: boolean };
}

function isAttached(store: Reader, volume: string, driver: string, node: string | undefined): boolean {
  const known = store.get<CsiDriver>('csidrivers.storage.k8s.io', '', driver);
  if (known?.spec?.attachRequired === false) return true;
  return store
    .list<Attachment>('volumeattachments.storage.k8s.io')
    .some(
      ({ spec, status }) =>
        spec.nodeName === node && spec.source.persistentVolumeName === volume && status?.attached === true,
    );
}

/** Of a volume that a pod names itself. */
export function volumeProblem(store: Reader, disk: Disk, pod: Pod, volume: Volume): SourceProblem | undefined {
  const { hostPath, nfs, csi } = volume;
  const setUp = (why: string | undefined) =>
    why === undefined ? undefined : failed('MountVolume.SetUp', volume.name, why);
  if (hostPath) return setUp(hostPathProblem(disk, hostPath.path, hostPath.type));
  if (nfs) return setUp(nfsProblem(store, pod, volume.name, nfs));
  if (csi) return setUp(`kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${noDriver(csi.driver)}`);
  return undefined;
}

/** Of a volume that a claim is bound to. */
export function persistentVolumeProblem(
  store: Reader,
  disk: Disk,
  pod: Pod,
  { metadata: { name }, spec }: PersistentVolume,
): SourceProblem | undefined {
  const { hostPath, local, nfs, csi } = spec ?? {};
  const setUp = (why: string | undefined) => (why === undefined ? undefined : failed('MountVolume.SetUp', name, why));
  if (hostPath) return setUp(hostPathProblem(disk, hostPath.path, hostPath.type));
  if (local) {
    const there = viewOf(disk).find(local.path) !== undefined;
    return there
      ? undefined
      : failed('MountVolume.NewMounter initialization', name, `path ${JSON.stringify(local.path)} does not exist`);
  }
  if (nfs) return setUp(nfsProblem(store, pod, name, nfs));
  if (!csi) return undefined;
  if (!isAttached(store, name, csi.driver, pod.spec?.nodeName)) return { waits: true };
  const why = `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${noDriver(csi.driver)}`;
  return failed('MountVolume.MountDevice', name, why);
}
