/** Which volume suits which claim: shared by the volume binder and by the scheduler's volume plugin. */
import { parseQuantity, type Quantity } from '../api/quantity.ts';
import { labelSelectorMatches, nodeSelectorMatches } from '../api/selector.ts';
import type { KubeObject, Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
/** Who is to make a claim's volume. Both are written; the first is the old name of the second. */
export const PROVISIONER_ANNOTATIONS = [
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
] as const;
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** Classes of volumes made by hand name this provisioner. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const hasAnnotation = (object: KubeObject, name: string): boolean =>
  Object.hasOwn(object.metadata.annotations ?? {}, name);

/** '' for none. The old annotation wins over the field. */
export const classOfClaim = (claim: PersistentVolumeClaim): string =>
  claim.metadata.annotations?.[BETA_CLASS] ?? claim.spec?.storageClassName ?? '';
export const classOfVolume = (volume: PersistentVolume): string =>
  volume.metadata.annotations?.[BETA_CLASS] ?? volume.spec?.storageClassName ?? '';
/** A claim that says "no class" (an empty one) has one too, as far as defaulting goes. */
export const claimNamesClass = (claim: PersistentVolumeClaim): boolean =>
  hasAnnotation(claim, BETA_CLASS) || claim.spec?.storageClassName !== undefined;

/** The claim's class binds only when a pod that uses the claim is scheduled. */
export const isDelayed = (claim: PersistentVolumeClaim, reader: Reader): boolean => {
  const name = classOfClaim(claim);
  if (name === '') return false;
  return (
    reader.get<StorageClass>('storageclasses.storage.k8s.io', '', name)?.volumeBindingMode === 'WaitForFirstConsumer'
  );
};

const ZERO = parseQuantity('0');
const sizeIn = (amounts: Record<string, string> | undefined): Quantity | undefined =>
  parseQuantity(amounts?.['storage'] ?? '0') ?? ZERO;
export const capacityOf = (volume: PersistentVolume): Quantity | undefined => sizeIn(volume.spec?.capacity);
export const requestOf = (claim: PersistentVolumeClaim): Quantity | undefined =>
  sizeIn(claim.spec?.resources?.requests);
/** Negative when the first is less; what can't be read counts as zero. */
export const compareSizes = (a: Quantity | undefined, b: Quantity | undefined): number => (a && b ? a.cmp(b) : 0);

const modeOf = (object: PersistentVolume | PersistentVolumeClaim) => object.spec?.volumeMode ?? 'Filesystem';
export const sameVolumeMode = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  modeOf(claim) === modeOf(volume);

export const hasAccessModes = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean => {
  const offered = volume.spec?.accessModes ?? [];
  return (claim.spec?.accessModes ?? []).every((mode) => offered.includes(mode));
};

export const attributesClassOf = (object: PersistentVolume | PersistentVolumeClaim): string =>
  object.spec?.volumeAttributesClassName ?? '';

export const isBound = (claim: PersistentVolumeClaim): boolean =>
  Boolean(claim.spec?.volumeName) && hasAnnotation(claim, BIND_COMPLETED);

/** The volume is meant for the claim: by name, and by uid where the volume has one. */
export function isMeantFor(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const ref = volume.spec?.claimRef;
  if (!ref || ref.name !== claim.metadata.name || ref.namespace !== claim.metadata.namespace) return false;
  return !ref.uid || ref.uid === claim.metadata.uid;
}

export const reachableFrom = (volume: PersistentVolume, node: Node): boolean =>
  nodeSelectorMatches(volume.spec?.nodeAffinity?.required, node);

export interface Search {
  /** Only volumes that this node reaches: asked by the scheduler. */
  node?: Node;
  /** The claim waits for its pod: without a node only a volume meant for it will do. */
  delayed: boolean;
  /** Names of volumes already given away. */
  taken?: ReadonlySet<string>;
}

/** The volume meant for the claim, else the smallest that fits; of equal ones the first. */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  { node, delayed, taken }: Search,
): PersistentVolume | undefined {
  const request = requestOf(claim);
  const wantedClass = classOfClaim(claim);
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (taken?.has(volume.metadata.name)) continue;
    const meant = isMeantFor(volume, claim);
    if (volume.spec?.claimRef && !meant) continue;
    if (compareSizes(capacityOf(volume), request) < 0) continue;
    if (!sameVolumeMode(claim, volume)) continue;
    if (attributesClassOf(claim) !== attributesClassOf(volume)) continue;
    if (volume.metadata.deletionTimestamp) continue;
    const reachable = !node || reachableFrom(volume, node);
    if (meant) return reachable ? volume : undefined;
    if (!node && delayed) continue;
    if (volume.status?.phase !== 'Available') continue;
    const selector = claim.spec?.selector;
    if (selector && !labelSelectorMatches(selector, volume.metadata.labels ?? {})) continue;
    if (classOfVolume(volume) !== wantedClass || !reachable) continue;
    if (node && !hasAccessModes(claim, volume)) continue;
    if (!smallest || compareSizes(capacityOf(smallest), capacityOf(volume)) > 0) smallest = volume;
  }
  return smallest;
}

/** Access modes as an index key: the same set in the same order. */
const modesKey = (volume: PersistentVolume) => (volume.spec?.accessModes ?? []).join(',');

/** For a claim without a node: volumes with the fewest access modes that include those asked for come first. */
export function findBestVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  delayed: boolean,
): PersistentVolume | undefined {
  const groups = Map.groupBy(volumes, modesKey);
  const sizes = [...groups]
    .filter(([, [first]]) => first !== undefined && hasAccessModes(claim, first))
    .sort(([a], [b]) => a.split(',').length - b.split(',').length);
  for (const [, group] of sizes) {
    const found = findVolume(claim, group, { delayed });
    if (found) return found;
  }
  return undefined;
}

/** How a volume refers to its claim. */
export const referenceTo = (claim: PersistentVolumeClaim) => ({
  kind: 'PersistentVolumeClaim',
  namespace: claim.metadata.namespace,
  name: claim.metadata.name,
  uid: claim.metadata.uid,
  apiVersion: 'v1',
  resourceVersion: claim.metadata.resourceVersion,
});

/** The volume pointing at the claim, or undefined when it does so already. */
export function pointedAt(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume | undefined {
  const ref = volume.spec?.claimRef;
  const same =
    ref?.name === claim.metadata.name && ref.namespace === claim.metadata.namespace && ref.uid === claim.metadata.uid;
  const mark = !isMeantFor(volume, claim) && !hasAnnotation(volume, BOUND_BY_CONTROLLER);
  if (same && !mark) return undefined;
  const next = structuredClone(volume);
  if (!same) next.spec = { ...next.spec, claimRef: referenceTo(claim) };
  if (mark) next.metadata.annotations = { ...next.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' };
  return next;
}
