/** ControllerRevisions: the earlier templates of DaemonSets and StatefulSets, kept for `rollout undo`. */
import { equal } from '../api/merge.ts';
import type { ControllerRevision, KubeObject, LabelSelector, PodTemplateSpec } from '../api/types.ts';
import { claim } from './claim.ts';
import type { ControllerContext } from './controller.ts';
import { controllerRef, hasReason } from './pod-control.ts';

const RESOURCE = 'controllerrevisions.apps';
/** On pods, and on the revisions of DaemonSets. */
export const REVISION_HASH_LABEL = 'controller-revision-hash';

/** An owner that keeps revisions of its pod template. */
export interface RevisionOwner extends KubeObject {
  spec?: { selector?: LabelSelector; template?: PodTemplateSpec; revisionHistoryLimit?: number };
  status?: { collisionCount?: number };
}

/** The patch that would bring the owner's template back. */
export const templatePatch = (owner: RevisionOwner): object => ({
  spec: { template: { ...owner.spec?.template, $patch: 'replace' } },
});

/** Oldest first. */
export const ownedRevisions = (context: ControllerContext, owner: RevisionOwner): ControllerRevision[] =>
  claim(
    context,
    RESOURCE,
    owner,
    owner.spec?.selector,
    context.client.list<ControllerRevision>(RESOURCE, owner.metadata.namespace),
  ).toSorted((a, b) => a.revision - b.revision);

export interface History {
  current: ControllerRevision;
  /** All others, oldest first. */
  old: ControllerRevision[];
}

/** What a new revision is called. */
export interface RevisionNames<Owner> {
  /** Carries the hash. */
  label: string;
  hashOf(owner: Owner, data: object): string;
}

/**
 * The revision of the owner's present template, made or moved to the front when needed. `onCollision` is called when another
 * content has taken the name; the pass then ends with that refusal. @throws StatusError
 */
export function syncRevisions<Owner extends RevisionOwner>(
  context: ControllerContext,
  owner: Owner,
  { label, hashOf }: RevisionNames<Owner>,
  onCollision: () => void,
): History {
  const patch = templatePatch(owner);
  const revisions = ownedRevisions(context, owner);
  const found = revisions.findLast((revision) => equal(revision.data, patch));
  const old = revisions.filter((revision) => revision !== found);
  const number = Math.max(0, ...old.map((revision) => revision.revision)) + 1;
  if (found !== undefined) {
    if (found.revision >= number) return { current: found, old };
    return { current: context.client.update(RESOURCE, { ...found, revision: number }), old };
  }
  const hash = hashOf(owner, patch);
  const { annotations } = owner.metadata;
  const wanted: ControllerRevision = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${owner.metadata.name}-${hash}`,
      namespace: owner.metadata.namespace ?? '',
      labels: { ...owner.spec?.template?.metadata?.labels, [label]: hash },
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ownerReferences: [controllerRef(owner)],
    },
    data: patch,
    revision: number,
  };
  try {
    return { current: context.client.create(RESOURCE, wanted), old };
  } catch (error) {
    if (hasReason(error, 'AlreadyExists')) onCollision();
    throw error;
  }
}

/** Removes the oldest revisions beyond the limit, except those that pods still run; `counted` are kept on top and count, too. */
export function trimRevisions(
  context: ControllerContext,
  owner: RevisionOwner,
  old: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
  counted = 0,
): void {
  const removable = old.filter((revision) => !isLive(revision));
  const surplus = counted + removable.length - (owner.spec?.revisionHistoryLimit ?? 10);
  for (const { metadata } of removable.slice(0, Math.max(0, surplus))) {
    context.client.delete(RESOURCE, metadata.namespace ?? '', metadata.name);
  }
}
