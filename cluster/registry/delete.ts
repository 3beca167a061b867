/** DELETE: grace, finalizers and propagation decide whether an object goes at once or is only marked. */
import { conflict, forbiddenError, notFoundError } from '../api/status.ts';
import type { KubeObject, Namespace } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import type { DeleteOptions } from '../store/client.ts';
import { validateAdmission } from './admit.ts';
import type { Backend, RequestContext, Target } from './context.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

export interface Deleted {
  object: KubeObject;
  /** False: it is marked and waits for its grace period or its finalizers. */
  gone: boolean;
}

/** Namespaces are held by spec.finalizers, everything else by metadata.finalizers. */
const held = (object: KubeObject): boolean =>
  (object.metadata.finalizers ?? []).length > 0 ||
  (object.kind === 'Namespace' && ((object as Namespace).spec?.finalizers ?? []).length > 0);

/** An object marked for deletion that nothing holds any more goes with the write that lets it go. */
export function finishDeletion(backend: Backend, target: Target, object: KubeObject): KubeObject | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds, namespace = '', name } = object.metadata;
  const waits = object.kind !== 'Namespace' && deletionGracePeriodSeconds !== 0;
  if (!deletionTimestamp || waits || held(object)) return undefined;
  backend.store.remove(target.name, namespace, name);
  return object;
}

function finalizersFor(target: Target, object: KubeObject, options: DeleteOptions): string[] {
  const others = (object.metadata.finalizers ?? []).filter((one) => one !== FOREGROUND && one !== ORPHAN);
  switch (options.propagationPolicy ?? target.kind.defaultPropagation) {
    case 'Orphan':
      return [...others, ORPHAN];
    case 'Foreground':
      return [...others, FOREGROUND];
    case 'Background':
      return others;
    default:
      return object.metadata.finalizers ?? [];
  }
}

/** @throws StatusError */
export function remove(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  options: DeleteOptions,
  context: RequestContext,
): Deleted {
  const { store, clock } = backend;
  const { info, kind } = target;
  const old = store.get(target.name, namespace, name);
  if (!old) throw notFoundError(info, name);
  const { preconditions } = options;
  const { uid, resourceVersion } = old.metadata;
  if (preconditions?.uid && preconditions.uid !== uid) {
    throw conflict(
      info,
      name,
      `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${uid}`,
    );
  }
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    throw conflict(
      info,
      name,
      `Precondition failed: ResourceVersion in precondition: ${preconditions.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`,
    );
  }
  const kept = kind.keeps?.(old);
  if (kept !== undefined) throw forbiddenError(info, name, kept);
  validateAdmission(backend, {
    operation: 'DELETE',
    resource: info,
    subresource: '',
    namespace,
    name,
    old,
    options,
    user: context.user,
    dryRun: context.dryRun,
    warn: context.warn,
  });

  const object = structuredClone(old);
  const { metadata } = object;
  const marked = metadata.deletionTimestamp !== undefined;
  const finalizers = finalizersFor(target, old, options);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;

  const asked = kind.gracePeriodSeconds?.(old, options.gracePeriodSeconds) ?? 0;
  // a second delete may shorten the wait, never lengthen it
  const grace = marked ? Math.min(asked, metadata.deletionGracePeriodSeconds ?? 0) : asked;
  if (grace === 0 && !held(object)) {
    if (context.dryRun) return { object: old, gone: true };
    return { object: store.remove(target.name, namespace, name) ?? old, gone: true };
  }
  if (!marked || grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
    metadata.deletionTimestamp = timeText(clock.now() + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
    if (!marked && metadata.generation !== undefined) metadata.generation += 1;
  }
  if (object.kind === 'Namespace') {
    // a namespace shows no grace period: it is held by spec.finalizers
    delete metadata.deletionGracePeriodSeconds;
    const marking = object as Namespace;
    marking.status = { ...marking.status, phase: 'Terminating' };
  }
  if (context.dryRun) return { object, gone: false };
  return { object: store.put(target.name, object), gone: false };
}
