/** The ReplicaSets of a Deployment: which is new, which are old, and the annotations by which they are told apart. */
import { equal } from '../../api/merge.ts';
import type { Deployment, PodTemplateSpec, ReplicaSet } from '../../api/types.ts';
import { millisecondsOf } from '../conditions.ts';
import { scaledValue } from '../int-or-percent.ts';

export const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';
export const ROLLBACK_TO = 'deprecated.deployment.rollback.to';

/** Annotations that belong to one object and are not copied between a Deployment and its ReplicaSets. */
const OWN_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  ROLLBACK_TO,
]);
/** Characters of revision history kept: about a hundred revisions. */
const MAX_HISTORY_LENGTH = 2000;

export const desiredReplicas = (deployment: Deployment): number => deployment.spec?.replicas ?? 1;
export const replicasOf = (set: ReplicaSet): number => set.spec?.replicas ?? 1;
export const isRolling = (deployment: Deployment): boolean => deployment.spec?.strategy?.type !== 'Recreate';

/** Sums over sets: pods wanted, pods there, pods available. */
export const wanted = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + replicasOf(set), 0);
export const actual = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
export const ready = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0);
export const available = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);

export const active = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((set) => replicasOf(set) > 0);

/** Both limits at once: when rounding leaves neither surge nor unavailability, one pod may be unavailable. */
function limits(deployment: Deployment): { surge: number; unavailable: number } {
  const total = desiredReplicas(deployment);
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const surge = scaledValue(rolling?.maxSurge, total, 'up');
  const unavailable = scaledValue(rolling?.maxUnavailable, total, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
export const maxSurge = (deployment: Deployment): number => (isRolling(deployment) ? limits(deployment).surge : 0);
export function maxUnavailable(deployment: Deployment): number {
  const total = desiredReplicas(deployment);
  return !isRolling(deployment) || total === 0 ? 0 : Math.min(limits(deployment).unavailable, total);
}

function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const { labels, ...metadata } = template?.metadata ?? {};
  const { [HASH_LABEL]: _, ...rest } = labels ?? {};
  return { ...template, metadata: { ...metadata, labels: rest } };
}
export const sameTemplate = (a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean =>
  equal(withoutHash(a), withoutHash(b));

const created = (set: ReplicaSet) => millisecondsOf(set.metadata.creationTimestamp) ?? 0;
export const byAge = (a: ReplicaSet, b: ReplicaSet): number =>
  created(a) - created(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
/** Larger sets first; among equals the newer (or the older) first. */
export const bySize =
  (equals: 'newer' | 'older') =>
  (a: ReplicaSet, b: ReplicaSet): number =>
    replicasOf(b) - replicasOf(a) || (equals === 'newer' ? byAge(b, a) : byAge(a, b));

/** The oldest set with the Deployment's own template is the new one. */
export const findNew = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  [...sets].toSorted(byAge).find((set) => sameTemplate(set.spec?.template, deployment.spec?.template));

export const revisionOf = (object: Deployment | ReplicaSet): number => {
  const revision = Number(object.metadata.annotations?.[REVISION] ?? '0');
  return Number.isSafeInteger(revision) ? revision : 0;
};
export const maxRevision = (sets: readonly ReplicaSet[]): number => Math.max(0, ...sets.map(revisionOf));
/** The revision before the latest; 0 when there is none. */
export const lastRevision = (sets: readonly ReplicaSet[]): number =>
  sets.map(revisionOf).toSorted((a, b) => b - a)[1] ?? 0;

export function numberAnnotation(set: ReplicaSet, name: string): number | undefined {
  const text = set.metadata.annotations?.[name];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

export const replicasAnnotations = (deployment: Deployment): Record<string, string> => ({
  [DESIRED_REPLICAS]: String(desiredReplicas(deployment)),
  [MAX_REPLICAS]: String(desiredReplicas(deployment) + maxSurge(deployment)),
});

const copied = (annotations: Record<string, string> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !OWN_ANNOTATIONS.has(name)));

/** What the new set is annotated with: the Deployment's annotations, its revision, and revisions it had before. */
export function newSetAnnotations(
  deployment: Deployment,
  current: Record<string, string> | undefined,
  revision: number,
): Record<string, string> {
  const annotations = { ...current, ...copied(deployment.metadata.annotations) };
  const before = current?.[REVISION];
  if (before !== undefined && before !== '' && !/^[+-]?\d+$/.test(before)) return annotations;
  if (Number(before ?? 0) >= revision) return annotations;
  annotations[REVISION] = String(revision);
  if (before !== undefined) {
    annotations[REVISION_HISTORY] = appendRevision(current?.[REVISION_HISTORY] ?? '', before);
  }
  return annotations;
}

function appendRevision(history: string, revision: string): string {
  if (history === '') return revision;
  const kept = history.split(',');
  const length = () => [...kept, revision].join(',').length;
  while (kept.length > 0 && length() > MAX_HISTORY_LENGTH) kept.shift();
  return [...kept, revision].join(',');
}

/** On the way back the Deployment takes its annotations from the set, else the set's cause would be overwritten. */
export const rolledBackAnnotations = (deployment: Deployment, set: ReplicaSet): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(deployment.metadata.annotations ?? {}).filter(([k]) => OWN_ANNOTATIONS.has(k))),
  ...copied(set.metadata.annotations),
});

/** The only set with pods, or the newest when none has any; undefined when several have. */
export function activeOrLatest(newSet: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const all = newSet === undefined ? old : [...old, newSet];
  const withPods = active(all);
  if (withPods.length === 1) return withPods[0];
  if (withPods.length > 1) return undefined;
  return newSet ?? [...old].toSorted((a, b) => byAge(b, a))[0];
}

/** The set holds all the pods wanted, and all of them are available. */
export function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const total = desiredReplicas(deployment);
  return (
    set !== undefined &&
    replicasOf(set) === total &&
    numberAnnotation(set, DESIRED_REPLICAS) === total &&
    (set.status?.availableReplicas ?? 0) === total
  );
}

/** How many pods the new set may have now: up to the surge, and never more than wanted. */
export function newSetReplicas(deployment: Deployment, others: readonly ReplicaSet[], current: number): number {
  const total = desiredReplicas(deployment);
  if (!isRolling(deployment)) return total;
  const room = total + maxSurge(deployment) - (wanted(others) + current);
  return room <= 0 ? current : current + Math.min(room, total - current);
}
