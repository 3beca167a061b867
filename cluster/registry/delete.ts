/** DELETE: grace, finalizers and propagation decide whether an object goes at once or is only marked. */
import { conflict, forbiddenError, notFoundError } from '../api/status.ts';
import type { KubeObject, Namespace } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import type { DeleteOptions } from '../store/client.ts';
import { validateAdmission } from './admit.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { checkDeleteOptions } from './delete-options.ts';
import { isCollected } from './storage-rules.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

export interface Deleted {
  object: KubeObject;
  /** False: it is marked and waits for its grace period or its finalizers. */
  gone: boolean;
}

/** What one deletion is about. */
interface Deletion {
  backend: Backend;
  target: Target;
  old: KubeObject;
  options: DeleteOptions;
  context: RequestContext;
}

/** Namespaces are held by spec.finalizers, too. */
const held = (object: KubeObject): boolean =>
  (object.metadata.finalizers ?? []).length > 0 ||
  (object.kind === 'Namespace' && ((object as Namespace).spec?.finalizers ?? []).length > 0);

/** An object marked for deletion that nothing holds any more goes with the write that lets it go. */
export function finishDeletion(
  backend: Backend,
  target: Target,
  object: KubeObject,
  { dryRun }: Pick<RequestContext, 'dryRun'>,
): KubeObject | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, namespace = '', name } = object.metadata;
  if (!deletionTimestamp || deletionGracePeriodSeconds !== 0 || held(object)) return undefined;
  if (!dryRun) backend.store.remove(target.name, namespace, name);
  return object;
}

interface Collecting {
  orphan: boolean;
  foreground: boolean;
}

/** What the garbage collector is to do with the dependents: what is asked for counts, then what is under way, then the kind's default. */
function collecting({ target, old, options }: Deletion): Collecting {
  const { orphanDependents, propagationPolicy } = options;
  if (orphanDependents !== undefined) return { orphan: orphanDependents, foreground: false };
  if (propagationPolicy !== undefined) {
    return { orphan: propagationPolicy === 'Orphan', foreground: propagationPolicy === 'Foreground' };
  }
  const current = (old.metadata.finalizers ?? []).find((one) => one === ORPHAN || one === FOREGROUND);
  if (current !== undefined) return { orphan: current === ORPHAN, foreground: current === FOREGROUND };
  return { orphan: target.kind.defaultPropagation === 'Orphan', foreground: false };
}

function finalizersFor(deletion: Deletion): string[] {
  const current = deletion.old.metadata.finalizers ?? [];
  const { orphan, foreground } = isCollected(deletion.target.name)
    ? collecting(deletion)
    : { orphan: false, foreground: false };
  const wanted = [
    ...current.filter((one) => one !== FOREGROUND && one !== ORPHAN),
    ...(orphan ? [ORPHAN] : []),
    ...(foreground ? [FOREGROUND] : []),
  ];
  const same = new Set([...wanted, ...current]).size === new Set(current).size && wanted.length === current.length;
  return same ? current : wanted;
}

function setFinalizers(object: KubeObject, finalizers: string[]): void {
  if (finalizers.length > 0) object.metadata.finalizers = finalizers;
  else delete object.metadata.finalizers;
}

function admit({ backend, target, old, options, context }: Deletion): void {
  const { namespace = '', name } = old.metadata;
  const kept = target.kind.keeps?.(old);
  if (kept !== undefined) throw forbiddenError(target.info, name, kept);
  validateAdmission(backend, {
    operation: 'DELETE',
    resource: target.info,
    subresource: '',
    namespace,
    name: context.collection ? '' : name,
    old,
    options,
    user: context.user,
    dryRun: context.dryRun,
    warn: context.warn,
  });
}

/** Generic storage names the kind where others name the resource; a namespace has words of its own. @throws StatusError */
export function checkPreconditions({ target, old, options }: Pick<Deletion, 'target' | 'old' | 'options'>): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { info } = target;
  const { metadata } = old;
  if (target.name === 'namespaces') {
    const failed = (what: string, asked: string, is: string | undefined) =>
      conflict(
        info,
        metadata.name,
        `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${is}`,
      );
    if (uid !== undefined && uid !== metadata.uid) throw failed('UID', uid, metadata.uid);
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
      throw failed('ResourceVersion', resourceVersion, metadata.resourceVersion);
    }
    return;
  }
  const of = { group: info.group, resource: info.kind };
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      of,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      of,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

const JOBS_KEEP_PODS =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** Stores the object as marked; with nothing left to wait for it goes. */
function put({ backend, target, context }: Deletion, object: KubeObject, gone: boolean): Deleted {
  if (context.dryRun) return { object, gone };
  const stored = backend.store.put(target.name, object);
  if (!gone) return { object: stored, gone };
  const { namespace = '', name } = object.metadata;
  return { object: backend.store.remove(target.name, namespace, name) ?? stored, gone };
}

/** A namespace is only marked: its controller empties it and then lets go of it. undefined: nothing holds it any more. */
function removeNamespace(deletion: Deletion): Deleted | undefined {
  const { old, backend } = deletion;
  const namespace = old as Namespace;
  if (old.metadata.deletionTimestamp) {
    return (namespace.spec?.finalizers ?? []).length > 0 ? { object: old, gone: false } : undefined;
  }
  admit(deletion);
  const object = structuredClone(namespace);
  object.metadata.deletionTimestamp = timeText(backend.clock.now());
  object.status = { ...object.status, phase: 'Terminating' };
  // here, not to orphan means to delete in the foreground
  const { orphanDependents, ...options } = deletion.options;
  const propagationPolicy = orphanDependents === false ? 'Foreground' : orphanDependents ? 'Orphan' : undefined;
  setFinalizers(
    object,
    finalizersFor({ ...deletion, options: { ...(propagationPolicy ? { propagationPolicy } : {}), ...options } }),
  );
  return put(deletion, object, false);
}

interface Grace {
  /** Seconds. */
  period: number;
  /** RFC 3339 */
  deletionTimestamp: string;
}

/** How long the object lingers. undefined: it knows no grace; 'pending': an earlier deletion is under way and ends sooner. */
function graceOf({ backend, target, old, options }: Deletion): Grace | 'pending' | undefined {
  const { kind } = target;
  if (!kind.gracePeriodSeconds) return undefined;
  const now = backend.clock.now();
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata;
  const requested =
    options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0 ? 1 : options.gracePeriodSeconds;
  if (deletionTimestamp === undefined) {
    const period = kind.gracePeriodSeconds(old, requested);
    return { period, deletionTimestamp: timeText(now + period * 1000) };
  }
  if (deletionGracePeriodSeconds === 0) return undefined;
  // a second delete may shorten the wait, never lengthen it
  if (requested === undefined || requested >= deletionGracePeriodSeconds) return 'pending';
  const end = Date.parse(deletionTimestamp) + (requested - deletionGracePeriodSeconds) * 1000;
  if (end >= now) return { period: requested, deletionTimestamp: timeText(end) };
  return { period: requested === 0 ? 0 : 1, deletionTimestamp: timeText(now) };
}

/** @throws StatusError */
export function remove(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  options: DeleteOptions,
  context: RequestContext,
  /** An eviction has been admitted as such: admission does not see its delete. */
  { admitted = false } = {},
): Deleted {
  const old = backend.store.get<KubeObject>(target.name, namespace, name);
  if (!old) throw notFoundError(target.served?.info ?? target.info, name);
  const deletion: Deletion = {
    backend,
    target,
    old,
    options,
    context: options.dryRun?.length ? { ...context, dryRun: true } : context,
  };
  checkDeleteOptions(options);
  checkPreconditions(deletion);
  if (
    target.name === 'jobs.batch' &&
    options.propagationPolicy === undefined &&
    options.orphanDependents === undefined
  ) {
    context.warn(JOBS_KEEP_PODS);
  }
  if (target.name === 'namespaces') {
    const marked = removeNamespace(deletion);
    if (marked) return marked;
  }
  const grace = graceOf(deletion);
  if (grace === 'pending') return { object: old, gone: false };
  if (!admitted) admit(deletion);

  const object = structuredClone(old);
  const { metadata } = object;
  setFinalizers(object, finalizersFor(deletion));
  const waits = (metadata.finalizers ?? []).length > 0;
  const first = metadata.deletionTimestamp === undefined;
  if (grace) {
    metadata.deletionTimestamp = grace.deletionTimestamp;
    metadata.deletionGracePeriodSeconds = grace.period;
  } else if (waits) {
    const now = backend.clock.now();
    if (first || Date.parse(metadata.deletionTimestamp ?? '') > now) metadata.deletionTimestamp = timeText(now);
    metadata.deletionGracePeriodSeconds = 0;
  } else {
    if (deletion.context.dryRun) return { object: old, gone: true };
    return { object: backend.store.remove(target.name, namespace, name) ?? old, gone: true };
  }
  if (first && metadata.generation) metadata.generation += 1;
  const gone = !waits && (grace?.period ?? 0) === 0;
  if (!gone && JSON.stringify(object) === JSON.stringify(old)) return { object: old, gone };
  return put(deletion, object, gone);
}
