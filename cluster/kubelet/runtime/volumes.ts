/** What is mounted into a container, and what is in it. */
import { resolvConfOf, resolvConfText } from '../../network/dns/resolver.ts';
import type {
  ConfigMap,
  Container,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
  Volume,
} from '../../api/types.ts';
import { device, file, folder, link, toBytes, Tree, treeOf, type FolderNode, type Node } from '../files/file-tree.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { normalisePath, type Mount } from '../files/file-view.ts';
import { fieldValue, resourceValue, substituted, type PodPlace } from './environment.ts';

/** Where volumes live that outlast a container. */
export interface VolumeStore {
  /** Made empty when first asked for. */
  volume(key: string): Tree;
  host(node: string): Tree;
  /** A token for the pod, for that audience. */
  token(pod: Pod, audience: string, seconds: number): string;
}

const decode = (value: string): string => Buffer.from(value, 'base64').toString('latin1');
const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

type Items = { key: string; path: string; mode?: number }[] | undefined;
function chosen(data: Record<string, string>, items: Items, mode: number): Record<string, Node> {
  if (items === undefined)
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, file(value, { mode })]));
  return Object.fromEntries(
    items.flatMap((item) =>
      data[item.key] === undefined ? [] : [[item.path, file(data[item.key] ?? '', { mode: item.mode ?? mode })]],
    ),
  );
}

function configMapFiles({ store, pod }: PodPlace, name: string, items: Items, mode: number): Record<string, Node> {
  const map = store.get<ConfigMap>('configmaps', pod.metadata.namespace ?? '', name);
  const text = Object.entries(map?.data ?? {}).map(([key, value]): [string, string] => [key, toBytes(value)]);
  const binary = Object.entries(map?.binaryData ?? {}).map(([key, value]): [string, string] => [key, decode(value)]);
  return chosen(Object.fromEntries([...text, ...binary]), items, mode);
}
function secretFiles({ store, pod }: PodPlace, name: string, items: Items, mode: number): Record<string, Node> {
  const secret = store.get<Secret>('secrets', pod.metadata.namespace ?? '', name);
  return chosen(
    Object.fromEntries(Object.entries(secret?.data ?? {}).map(([key, value]) => [key, decode(value)])),
    items,
    mode,
  );
}
interface DownwardItem {
  path: string;
  mode?: number;
  fieldRef?: { fieldPath?: string };
  resourceFieldRef?: { containerName?: string; resource: string; divisor?: string | number };
}
const downwardFiles = (place: PodPlace, items: readonly DownwardItem[], mode: number): Record<string, Node> =>
  Object.fromEntries(
    items.map((item) => {
      const text = item.fieldRef
        ? fieldValue(place, item.fieldRef.fieldPath ?? '')
        : item.resourceFieldRef
          ? resourceValue(place, '', item.resourceFieldRef)
          : '';
      return [item.path, file(toBytes(text), { mode: item.mode ?? mode })];
    }),
  );

/** As the kubelet writes them: the files in a dated folder, `..data` pointing to it, and links by name. */
function atomically(files: Record<string, Node>, stamp: string, gid: number): FolderNode {
  const owned = Object.fromEntries(
    Object.entries(files).map(([path, node]) => [
      `${stamp}/${path}`,
      { ...node, gid, mode: gid === 0 ? node.mode : node.mode | 0o040 },
    ]),
  );
  const tops = new Set(Object.keys(files).map((path) => partsOf(path)[0] ?? ''));
  const links = Object.fromEntries([...tops].map((name) => [name, link(`..data/${name}`)]));
  const made = treeOf({ [stamp]: folder(), ...owned, '..data': link(stamp), ...links });
  return { ...made, mode: gid === 0 ? 0o777 | 0o1000 : 0o3777 & 0o1777, gid };
}

/** A token is made anew when so much of its time is over. */
const TOKEN_LIFE = 0.8;

/** Contents of volumes that are made from other objects; undefined for all others. */
function written(
  place: PodPlace,
  volume: Volume,
  volumes: VolumeStore,
  { before, now }: { before: Node | undefined; now: number },
): Record<string, Node> | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return configMapFiles(place, configMap.name ?? '', configMap.items, configMap.defaultMode ?? 0o644);
  if (secret) return secretFiles(place, secret.secretName ?? '', secret.items, secret.defaultMode ?? 0o644);
  if (downwardAPI) return downwardFiles(place, downwardAPI.items ?? [], downwardAPI.defaultMode ?? 0o644);
  if (!projected) return undefined;
  const mode = projected.defaultMode ?? 0o644;
  const all: Record<string, Node> = {};
  for (const source of projected.sources ?? []) {
    if (source.configMap)
      Object.assign(all, configMapFiles(place, source.configMap.name ?? '', source.configMap.items, mode));
    if (source.secret) Object.assign(all, secretFiles(place, source.secret.name ?? '', source.secret.items, mode));
    if (source.downwardAPI)
      Object.assign(all, downwardFiles(place, (source.downwardAPI.items ?? []) as DownwardItem[], mode));
    if (source.serviceAccountToken) {
      const { audience = '', expirationSeconds = 3600, path } = source.serviceAccountToken;
      const old = before && new Tree(before).get(partsOf(path));
      const isYoung = old?.kind === 'file' && now - old.mtime < expirationSeconds * 1000 * TOKEN_LIFE;
      all[path] = isYoung
        ? old
        : file(volumes.token(place.pod, audience, expirationSeconds), { mode: 0o644, mtime: now });
    }
  }
  return all;
}

function ensure(tree: Tree, path: string, node: Node): void {
  const parts = partsOf(path);
  for (let depth = 1; depth <= parts.length; depth++) {
    const above = parts.slice(0, depth);
    if (tree.get(above) === undefined) tree.set(above, depth === parts.length ? node : folder(), 0);
  }
}

/** `..2026_05_01_10_00_00.1000000000`: the dated folder's name. */
const stampOf = (now: number): string =>
  `..${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '_').replace('T', '_')}.${1_000_000_000 + (now % 1_000_000_000)}`;

const sameFiles = (shown: Node | undefined, files: Record<string, Node>): boolean => {
  if (shown?.kind !== 'folder') return false;
  const tree = new Tree(shown);
  const paths = Object.entries(files);
  if (paths.length === 0 || countFiles(shown) !== paths.length) return shown.entries.size === paths.length;
  return paths.every(([path, node]) => {
    const before = tree.get(partsOf(path));
    return before?.kind === 'file' && node.kind === 'file' && before.data === node.data;
  });
};
const countFiles = (node: Node): number =>
  node.kind === 'folder' ? [...node.entries.values()].reduce((sum, one) => sum + countFiles(one), 0) : 1;

const keyOf = (pod: Pod, volume: Volume): string => `pod/${pod.metadata.uid ?? ''}/${volume.name}`;
const shownFolder = (tree: Tree): Node | undefined => {
  const data = tree.get(['..data']);
  return data?.kind === 'link' ? tree.get([data.target]) : undefined;
};

/** Brings a volume that is made from other objects to what they say now. undefined: it is made of nothing else. */
function show(place: PodPlace, volume: Volume, volumes: VolumeStore, now: number): Tree | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (!configMap && !secret && !downwardAPI && !projected) return undefined;
  const tree = volumes.volume(keyOf(place.pod, volume));
  const before = shownFolder(tree);
  const content = written(place, volume, volumes, { before, now });
  if (content === undefined || sameFiles(before, content)) return tree;
  tree.root = atomically(content, stampOf(now), place.pod.spec?.securityContext?.fsGroup ?? 0);
  return tree;
}
/** All volumes of a pod that show other objects. */
export function showAll(place: PodPlace, volumes: VolumeStore, now: number): void {
  for (const volume of place.pod.spec?.volumes ?? []) show(place, volume, volumes, now);
}

interface Backing {
  tree: Tree;
  within: readonly string[];
  readOnly: boolean;
  type: string;
}
/** Made by the local-path provisioner, whose helper lets everybody in. */
const isProvisioned = ({ metadata }: PersistentVolume): boolean =>
  metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === 'rancher.io/local-path';

/** One directory of one server: the same for all that mount it. */
const shared = (volumes: VolumeStore, { server, path }: { server: string; path: string }): Backing => ({
  tree: volumes.volume(`nfs/${server}:${path}`),
  within: [],
  readOnly: false,
  type: 'nfs4',
});

/** Given to the pod's group, as the kubelet does with volumes that are the pod's alone. */
function owned(backing: Backing, gid: number): Backing {
  const { tree, within } = backing;
  const node = tree.get(within);
  if (gid !== 0 && node?.kind === 'folder' && node.gid !== gid) {
    tree.set(within, { ...node, gid, mode: node.mode | 0o2070 }, node.mtime);
  }
  return backing;
}

function backing(place: PodPlace, volume: Volume, volumes: VolumeStore, now: number): Backing | undefined {
  const { store, pod } = place;
  const namespace = pod.metadata.namespace ?? '';
  const gid = pod.spec?.securityContext?.fsGroup ?? 0;
  const known = volumes.volume(keyOf(pod, volume));
  const shown = shownFolder(known) === undefined ? show(place, volume, volumes, now) : known;
  if (shown !== undefined) return { tree: shown, within: [], readOnly: true, type: 'tmpfs' };
  const host = (path: string, type = '', open = false): Backing => {
    const tree = volumes.host(pod.spec?.nodeName ?? '');
    if (type === 'FileOrCreate') ensure(tree, path, file('', { mtime: now }));
    else if (type === '' || type === 'DirectoryOrCreate')
      ensure(tree, path, folder([], { mtime: now, mode: open ? 0o777 : 0o755 }));
    return { tree, within: partsOf(path), readOnly: false, type: 'ext4' };
  };
  if (volume.hostPath) return host(volume.hostPath.path, volume.hostPath.type);
  if (volume.nfs) return { ...shared(volumes, volume.nfs), readOnly: volume.nfs.readOnly === true };
  const claimName =
    volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined);
  if (claimName !== undefined) {
    const claim = store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, claimName);
    const bound = store.get<PersistentVolume>('persistentvolumes', '', claim?.spec?.volumeName ?? '');
    if (bound === undefined) return undefined;
    const readOnly = volume.persistentVolumeClaim?.readOnly === true;
    const { hostPath, local, nfs } = bound.spec ?? {};
    if (hostPath) return { ...host(hostPath.path, hostPath.type, isProvisioned(bound)), readOnly };
    if (local) return { ...owned(host(local.path, 'Directory'), gid), readOnly };
    if (nfs) return { ...shared(volumes, nfs), readOnly };
    return { tree: volumes.volume(`pv/${bound.metadata.uid}`), within: [], readOnly, type: 'ext4' };
  }
  const tree = volumes.volume(keyOf(pod, volume));
  const limit = volume.emptyDir?.medium === 'Memory' ? volume.emptyDir.sizeLimit : undefined;
  if (limit !== undefined) tree.limit = parseQuantity(limit)?.value() ?? Infinity;
  if (gid !== 0 && tree.root.gid !== gid) tree.root = { ...tree.root, gid, mode: 0o2777 };
  return { tree, within: [], readOnly: false, type: volume.emptyDir?.medium === 'Memory' ? 'tmpfs' : 'ext4' };
}

export interface MountsAsked {
  place: PodPlace;
  container: Container;
  root: Tree;
  hostname: string;
  env: ReadonlyMap<string, string>;
  volumes: VolumeStore;
  /** Milliseconds since 1970. */
  now: number;
  /** The file that a last message is written to. */
  termination: Tree;
  proc: FolderNode;
}

export function mountsOf({
  place,
  container,
  root,
  hostname,
  env,
  volumes,
  now,
  termination,
  proc,
}: MountsAsked): Mount[] {
  const { pod, podIP } = place;
  const readOnly = container.securityContext?.readOnlyRootFilesystem === true;
  const mounts: Mount[] = [{ path: '', tree: root, within: [], readOnly, type: 'overlay' }];
  const add = (path: string, tree: Tree, rest: Partial<Mount> = {}) =>
    mounts.push({ path, tree, within: [], readOnly: false, type: 'tmpfs', ...rest });
  add('/proc', new Tree(proc, true), { type: 'proc', readOnly: true });
  add('/sys', new Tree(SYS, true), { type: 'sysfs', readOnly: true });
  add('/dev', new Tree(DEVICES));
  const aliases = (pod.spec?.hostAliases ?? []).map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`);
  const hosts = `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nfe00::\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${podIP}\t${pod.spec?.subdomain ? `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.cluster.local\t` : ''}${hostname}\n${aliases.length === 0 ? '' : `\n# Entries added by HostAliases.\n${aliases.join('')}`}`;
  add('/etc/hosts', new Tree(file(hosts)), { type: 'ext4' });
  add('/etc/hostname', new Tree(file(`${hostname}\n`)), { type: 'ext4' });
  add('/etc/resolv.conf', new Tree(file(resolvConfText(resolvConfOf(place.pod)))), { type: 'ext4' });
  add(container.terminationMessagePath ?? '/dev/termination-log', termination, { type: 'ext4' });
  for (const { name, mountPath, subPath, subPathExpr, readOnly: asked } of container.volumeMounts ?? []) {
    const volume = pod.spec?.volumes?.find((one) => one.name === name);
    const found = volume && backing(place, volume, volumes, now);
    if (found === undefined) continue;
    const inner = subPathExpr === undefined ? (subPath ?? '') : substituted(subPathExpr, env);
    const within = [...found.within, ...partsOf(inner)];
    if (inner !== '' && !found.readOnly && found.tree.get(within) === undefined)
      ensure(found.tree, within.join('/'), folder());
    // a sub-path of a written volume is the file itself, as it was at the start
    const part = inner !== '' && found.readOnly;
    const target = part ? followed(found.tree, within) : within;
    mounts.push({
      path: throughLinks(root, mountPath),
      tree: part ? new Tree(found.tree.root, true) : found.tree,
      within: target,
      readOnly: asked === true || found.readOnly,
      type: found.type,
    });
  }
  return mounts;
}
/** Where a mount ends up: links of the image on the way are followed, so /var/run/secrets may be in /run. */
function throughLinks(root: Tree, path: string): string {
  let done: string[] = [];
  for (const part of partsOf(normalisePath(path))) {
    const node = root.get([...done, part]);
    done = node?.kind === 'link' ? partsOf(normalisePath(node.target, `/${done.join('/')}`)) : [...done, part];
  }
  return done.length === 0 ? '' : `/${done.join('/')}`;
}

function followed(tree: Tree, parts: readonly string[]): readonly string[] {
  const node = tree.get(parts.slice(0, 1));
  if (node?.kind !== 'link') return parts;
  const stamp = tree.get(['..data']);
  return stamp?.kind === 'link' ? [stamp.target, ...parts] : parts;
}

const SYS = treeOf({ 'fs/cgroup': folder(), kernel: folder(), class: folder(), devices: folder() });
const DEVICES = treeOf({
  null: device('null'),
  zero: device('zero'),
  full: device('full'),
  random: device('random'),
  urandom: device('urandom'),
  tty: device('tty'),
  stdin: device('stdin'),
  stdout: device('stdout'),
  stderr: device('stderr'),
  fd: link('/proc/self/fd'),
  shm: folder([], { mode: 0o1777 }),
  pts: folder(),
  mqueue: folder(),
});
