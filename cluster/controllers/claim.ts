/** Which objects belong to an owner: adopting those that match and have no controller, letting go of those that match no longer. */
import { controllerOf } from '../api/pods.ts';
import { labelSelectorMatches } from '../api/selector.ts';
import type { KubeObject, LabelSelector } from '../api/types.ts';
import type { ResourceName } from '../store/client.ts';
import type { Change, ControllerContext } from './controller.ts';
import { namespacedKey } from './controller.ts';
import { controllerRef, hasReason } from './pod-control.ts';

/**
 * The objects among `candidates` (of `resource`) that `owner` controls from now on. A conflict or a vanished object is passed
 * over: the change that caused it wakes the owner again. `finalizer` is set on what is adopted, and taken from what is let go.
 */
export function claim<T extends KubeObject>(
  context: ControllerContext,
  resource: ResourceName,
  owner: KubeObject,
  selector: LabelSelector | undefined,
  candidates: readonly T[],
  finalizer?: string,
): T[] {
  const owned: T[] = [];
  for (const object of candidates) {
    const controller = controllerOf(object);
    const matches = labelSelectorMatches(selector, object.metadata.labels ?? {});
    if (controller !== undefined && controller.uid !== owner.metadata.uid) continue;
    if (controller !== undefined && matches) owned.push(object);
    else if (controller !== undefined) {
      if (owner.metadata.deletionTimestamp === undefined) release(context, resource, owner, object, finalizer);
    } else if (
      matches &&
      owner.metadata.deletionTimestamp === undefined &&
      object.metadata.deletionTimestamp === undefined
    ) {
      const adopted = adopt(context, resource, owner, object, finalizer);
      if (adopted !== undefined) owned.push(adopted);
    }
  }
  return owned;
}

function adopt<T extends KubeObject>(
  context: ControllerContext,
  resource: ResourceName,
  owner: KubeObject,
  object: T,
  finalizer: string | undefined,
): T | undefined {
  const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
  const ownerReferences = [...others, controllerRef(owner)];
  const held = finalizer === undefined ? {} : { finalizers: [...new Set([...finalizersOf(object), finalizer])] };
  return passOver(() =>
    context.client.update<T>(resource, { ...object, metadata: { ...object.metadata, ownerReferences, ...held } }),
  );
}

const finalizersOf = ({ metadata }: KubeObject): readonly string[] => metadata.finalizers ?? [];

function release<T extends KubeObject>(
  context: ControllerContext,
  resource: ResourceName,
  owner: KubeObject,
  object: T,
  finalizer: string | undefined,
): void {
  const { ownerReferences, finalizers, ...metadata } = object.metadata;
  const others = (ownerReferences ?? []).filter((reference) => reference.uid !== owner.metadata.uid);
  const kept = (finalizers ?? []).filter((one) => one !== finalizer);
  passOver(() =>
    context.client.update<T>(resource, {
      ...object,
      metadata: {
        ...metadata,
        ...(others.length === 0 ? {} : { ownerReferences: others }),
        ...(kept.length === 0 ? {} : { finalizers: kept }),
      },
    }),
  );
}

function passOver<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch (error) {
    if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return undefined;
    throw error;
  }
}

export interface OwnerKind<T extends KubeObject> {
  resource: ResourceName;
  kind: string;
  selectorOf(owner: T): LabelSelector | undefined;
}

/** Keys of the owners that a changed object concerns: its controller, its former one, or all that could adopt it. */
export function ownerKeys<T extends KubeObject>(
  owners: OwnerKind<T>,
): (change: Change, context: ControllerContext) => readonly string[] {
  return ({ type, object, old }, { client }) => {
    const namespace = object.metadata.namespace ?? '';
    const keys = new Set<string>();
    for (const version of [object, old]) {
      const controller = version && controllerOf(version);
      if (controller?.kind === owners.kind) keys.add(`${namespace}/${controller.name}`);
    }
    if (type !== 'DELETED' && controllerOf(object) === undefined) {
      for (const owner of client.list<T>(owners.resource, namespace)) {
        const selector = owners.selectorOf(owner);
        if (labelSelectorMatches(selector, object.metadata.labels ?? {})) keys.add(namespacedKey(owner));
      }
    }
    return [...keys];
  };
}
