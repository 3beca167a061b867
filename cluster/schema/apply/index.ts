/** Server-side apply, and the tracking of who set which field for all other writes. */
import { equal } from '../../api/merge.ts';
import { badRequest, StatusError } from '../../api/status.ts';
import type { Json, JsonObject, KubeObject } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import { broken } from '../../api/patch/errors.ts';
import { decodeAs, type GroupVersionKind } from '../decode.ts';
import type { FieldSchema } from '../lookup.ts';
import { FieldSet, fieldElement, pathText, type FieldPath } from './field-set.ts';
import { ItemError, shapeOf } from './shape.ts';
import {
  capUpdaters,
  decodeManagers,
  encodeManagers,
  identityOf,
  type ManagedFields,
  type Managers,
  type Owned,
} from './managers.ts';
import { compare, fieldSet, merge, outline, typeProblems, withoutPaths, type Comparison } from './typed.ts';

export type { ManagedFields } from './managers.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** The manager whose objects may have been applied on the client's side before. */
const KUBECTL = 'kubectl';
const BEFORE_FIRST_APPLY = 'before-first-apply';

/** Fields nobody owns. */
const STRIPPED = FieldSet.of([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', fieldElement(name)]),
]);

const STATUS = FieldSet.of([['f:status']]);
const SPEC = FieldSet.of([['f:spec']]);
const NOTHING = new FieldSet();
/** What a write through the path cannot set: the status through the object itself, the rest through the status. */
const resetBy = (subresource: string): FieldSet =>
  subresource === '' ? STATUS : subresource === 'status' ? SPEC : NOTHING;
/** By the list of paths: there are as many as the registry knows. */
const resets = new WeakMap<readonly FieldPath[], FieldSet>();

/** A type of a CustomResourceDefinition, which no facts know. */
export interface CustomType {
  of: FieldSchema;
  /** What a create is compared with. */
  empty: KubeObject;
  /** The object that an apply made, with defaults. */
  finish(value: JsonObject): KubeObject;
}

interface Write {
  schemaName: string;
  /** Then `schemaName` counts for nothing. */
  custom?: CustomType | undefined;
  gvk: GroupVersionKind;
  manager: string;
  /** '' for the object itself. */
  subresource: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Paths this write cannot set, where the defaults (status through the object, spec through the status) are not right. */
  reset?: readonly FieldPath[];
}
function resetOf({ reset, subresource }: Write): FieldSet {
  if (!reset) return resetBy(subresource);
  let set = resets.get(reset);
  if (!set) resets.set(reset, (set = FieldSet.of(reset)));
  return set;
}

const apiVersionOf = ({ group, version }: GroupVersionKind): string => (group === '' ? version : `${group}/${version}`);

const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;

function withoutManagedFields(object: KubeObject): JsonObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...asJson(object), metadata };
}

/** An object of the kind with nothing set: what a create is compared with. */
const emptyObject = ({ schemaName, gvk, custom }: Write): KubeObject =>
  custom?.empty ?? decodeAs({}, schemaName, gvk).object;

type Typed = Pick<Write, 'schemaName' | 'custom'>;
const typeOf = ({ schemaName, custom }: Typed): FieldSchema => custom?.of ?? { ref: schemaName };

/**
 * Sets never change, and those of objects that look alike are one: what follows from two of them is worked out when it is first
 * asked for. That spares a controller's writes of the status nearly all work on sets.
 */
function once<A extends object, B extends object, R>(work: (a: A, b: B) => R): (a: A, b: B) => R {
  const known = new WeakMap<A, WeakMap<B, { made: R }>>();
  return (a, b) => {
    let ofA = known.get(a);
    if (!ofA) known.set(a, (ofA = new WeakMap()));
    let found = ofA.get(b);
    if (!found) ofA.set(b, (found = { made: work(a, b) }));
    return found.made;
  };
}

const filtered = once(({ removed, modified, added }: Comparison, reset: FieldSet): Comparison => ({
  removed: removed.without(reset),
  modified: modified.without(reset),
  added: added.without(reset),
}));

/** What is left to an owner; undefined: nothing. */
const leftTo = once((set: FieldSet, { removed, modified, added }: Comparison): FieldSet | undefined => {
  const lost = set.intersection(modified.union(added).union(removed));
  if (lost.isEmpty()) return set;
  const left = set.difference(lost);
  return left.isEmpty() ? undefined : left;
});

/** What an owner has after a change that it made; undefined: nothing. */
const gained = once((previous: FieldSet, { modified, added }: Comparison): FieldSet | undefined => {
  const set = modified.union(added).difference(STRIPPED);
  if (set.isEmpty()) return undefined;
  // a set that stays the same object is written once, and shared
  return previous.isEmpty() ? set : previous.contains(set) ? previous : set.union(previous);
});

/** Takes what others owned and has changed away from them. Changes `managers`. */
function disown(managers: Managers, changes: Comparison, except: string): void {
  const { removed, modified, added } = changes;
  if (removed.isEmpty() && modified.isEmpty() && added.isEmpty()) return;
  for (const [identity, owned] of managers) {
    if (identity === except) continue;
    const set = leftTo(owned.set, changes);
    if (set === owned.set) continue;
    if (set) managers.set(identity, { ...owned, set });
    else managers.delete(identity);
  }
}

/** Changes `managers`. */
function trackChange(managers: Managers, before: KubeObject, after: KubeObject, write: Write): void {
  const changes = filtered(
    compare(withoutManagedFields(before), withoutManagedFields(after), typeOf(write)),
    resetOf(write),
  );
  disown(managers, changes, '');
  const who = {
    manager: write.manager === '' ? 'unknown' : write.manager,
    operation: 'Update',
    apiVersion: apiVersionOf(write.gvk),
    subresource: write.subresource,
  } as const;
  const identity = identityOf(who);
  const set = gained(managers.get(identity)?.set ?? NOTHING, changes);
  if (!set) return;
  managers.set(identity, { ...who, time: timeText(write.now), set });
  capUpdaters(managers);
}

/** Sets kept, of objects that look alike: pods of one template, events of one source. */
const MAX_OUTLINES = 2000;
/** Characters; longer ones are not kept. */
const LONGEST_OUTLINE = 8 * 1024;
const outlines = new Map<string, FieldSet>();

/** The first write of an object: all that is in it has one owner. @throws ItemError */
function trackCreate(after: KubeObject, write: Write): ManagedFields {
  const paths = Array.from(write.reset ?? [], (path) => path.join(' ')).join();
  const key = [write.schemaName, write.subresource, paths, outline(withoutManagedFields(after))].join(' ');
  const known = outlines.get(key);
  const managers: Managers = new Map();
  if (!known) {
    trackChange(managers, emptyObject(write), after, write);
    const [owned] = managers.values();
    if (!owned) return [];
    if (key.length > LONGEST_OUTLINE) return encodeManagers(managers);
    if (outlines.size >= MAX_OUTLINES) outlines.clear();
    outlines.set(key, owned.set);
    return encodeManagers(managers);
  }
  const manager = write.manager === '' ? 'unknown' : write.manager;
  const { gvk, subresource, now } = write;
  const owned = {
    manager,
    operation: 'Update',
    apiVersion: apiVersionOf(gvk),
    subresource,
    time: timeText(now),
  } as const;
  managers.set('', { ...owned, set: known });
  return encodeManagers(managers);
}

/** The client asks to forget all owners: an empty list, or a list of one empty entry. */
const isReset = (entries: ManagedFields | undefined): boolean =>
  entries !== undefined &&
  (entries.length === 0 ||
    (entries.length === 1 && Object.values(entries[0] ?? {}).every((value) => value === undefined || value === '')));

export interface TrackUpdate extends Write {
  /** What is stored; undefined for a create. */
  before: KubeObject | undefined;
  /** As the client wants it, defaults filled in, before admission: what admission adds has no owner. */
  after: KubeObject;
}

/**
 * The managedFields of an object after a create, an update or a patch. The client's own managedFields replace the stored
 * ones where it sends any. An object that had none keeps none: tracking starts when it is created.
 */
export function trackUpdate({ before, after, ...write }: TrackUpdate): ManagedFields {
  const sent = write.subresource === '' ? after.metadata.managedFields : undefined;
  const stored = decodeManagers(before?.metadata.managedFields) ?? new Map();
  const own = isReset(sent) ? new Map<string, Owned>() : decodeManagers(sent);
  const managers: Managers = isReset(sent) ? new Map() : own && own.size > 0 ? own : stored;
  if (before && managers.size === 0) return [];
  try {
    if (!before && managers.size === 0 && !write.custom) return trackCreate(after, write);
    trackChange(managers, before ?? emptyObject(write), after, write);
  } catch (error) {
    // items of lists that cannot be told apart have no owners, and with them nothing has
    if (error instanceof ItemError) return [];
    throw error;
  }
  return encodeManagers(managers);
}

/** An update that changes nothing but the times of its owners leaves those as they were, and with that changes nothing. */
export function withOldTimes(
  managedFields: ManagedFields | undefined,
  object: KubeObject,
  old: KubeObject,
): ManagedFields | undefined {
  const before = old.metadata.managedFields;
  if (!managedFields || !before || managedFields.length === 0 || managedFields.length !== before.length) {
    return managedFields;
  }
  const timeless = ({ time: _time, ...entry }: ManagedFields[number]) => entry;
  const isSame = (entry: ManagedFields[number], i: number) =>
    entry === before[i] || equal(timeless(entry), timeless(before[i] ?? {}));
  if (!managedFields.every(isSame)) return managedFields;
  return equal(withoutManagedFields(object), withoutManagedFields(old)) ? before : managedFields;
}

export interface ServerSideApply extends Write {
  /** What is stored; undefined when the apply creates it. */
  live: KubeObject | undefined;
  /** The body as it came, undecoded. */
  applied: Json;
  force: boolean;
}

interface Conflict {
  owner: Owned;
  path: FieldPath;
}

function ownerText({ manager, subresource, operation, apiVersion }: Owned): string {
  const through = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(manager)}${through}${using}`;
}

function conflictError(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(owner)}`,
    field: pathText(path),
  }));
  const [only] = causes;
  const lines: string[] = [];
  for (const owner of new Set(conflicts.map((conflict) => conflict.owner))) {
    lines.push(`conflicts with ${ownerText(owner)}:`);
    for (const { path } of conflicts.filter((conflict) => conflict.owner === owner)) lines.push(`- ${pathText(path)}`);
  }
  const message =
    causes.length === 1 && only
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`;
  return new StatusError({ message, reason: 'Conflict', details: { causes }, code: 409 });
}

const conflictsOf = (managers: Managers, changed: FieldSet, self: string): Conflict[] =>
  [...managers.entries()]
    .filter(([identity]) => identity !== self)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .flatMap(([, owner]) => [...owner.set.intersection(changed).paths()].map((path) => ({ owner, path })));

/** What kubectl set by applying on the client's side and nobody changed since: taking it over is no conflict. */
function setByClientSideApply(live: KubeObject, { gvk, ...write }: Write): FieldSet {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (!text) return new FieldSet();
  let last: Json;
  try {
    last = JSON.parse(text) as Json;
  } catch {
    // Not what kubectl writes: then nothing is known of an earlier apply.
    return new FieldSet();
  }
  const of = typeOf(write);
  if (typeof last !== 'object' || last === null || Array.isArray(last) || last['apiVersion'] !== apiVersionOf(gvk)) {
    return new FieldSet();
  }
  if (typeProblems(last, of).length > 0) return new FieldSet();
  const { modified, added, removed } = compare(last, asJson(live), of);
  return fieldSet(last, of).difference(modified).difference(added).difference(removed);
}

/** Takes out what the manager applied last time, does not apply now, and nobody else owns. */
function prune(merged: Json, managers: Managers, last: FieldSet, of: FieldSchema): Json {
  const shape = shapeOf(of);
  const named = (set: FieldSet) => set.withNamedFields(shape);
  const pathsOf = (value: Json) => named(fieldSet(value, of));
  const all = pathsOf(merged);
  const cut = withoutPaths(merged, named(last), of) ?? {};
  let owned = new FieldSet();
  for (const { set } of managers.values()) owned = owned.union(set);
  const withOwned = withoutPaths(merged, all.difference(pathsOf(cut).union(named(owned))), of) ?? {};
  return withoutPaths(merged, all.difference(pathsOf(withOwned)).intersection(named(last)), of) ?? {};
}

/** The body of an apply, checked. @throws StatusError */
function checkApplied(applied: Json, { gvk, ...write }: Write): JsonObject {
  const body = typeof applied === 'object' && applied !== null && !Array.isArray(applied) ? applied : {};
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  const [version = '', group = ''] = text(body['apiVersion']).split('/').toReversed();
  const kind = text(body['kind']);
  if (group !== gvk.group || version !== gvk.version || kind !== gvk.kind) {
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${kind}`);
  }
  const metadata = body['metadata'];
  const meta = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {};
  if (meta['managedFields'] !== undefined && meta['managedFields'] !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const problems = typeProblems(body, typeOf(write));
  if (problems.length > 0) {
    const about = `${text(meta['namespace'])}/${text(meta['name'])}; ${gvk.group}/${gvk.version}, Kind=${gvk.kind}`;
    const list =
      problems.length === 1 ? problems[0] : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n');
    throw broken(`failed to create typed patch object (${about}): ${list ?? ''}`);
  }
  return body;
}

/** Keeps kubectl's annotation what kubectl would have written, where there is one. */
function syncLastApplied(object: KubeObject, applied: JsonObject): KubeObject {
  const { annotations } = object.metadata;
  if (!annotations?.[LAST_APPLIED]) return object;
  const copy = structuredClone(applied);
  const { metadata } = copy as { metadata?: { annotations?: Record<string, string> } };
  if (metadata?.annotations) delete metadata.annotations[LAST_APPLIED];
  const text = `${JSON.stringify(sortedKeys(copy))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortedKeys(part)]));
}

/**
 * The object an apply makes, with its managedFields; defaults, admission and validation come after. Unknown fields have been
 * refused. @throws StatusError Conflict when others own what it changes and `force` is off, or when the body does not fit.
 * @throws DecodeError when a value in it is none of its type (a quantity, a time)
 */
export function applyServerSide(request: ServerSideApply): { object: KubeObject } {
  const { schemaName, gvk, manager, subresource, force, now, custom } = request;
  const of = typeOf(request);
  const body = checkApplied(request.applied, request);
  const live = request.live ?? emptyObject(request);
  const managers = decodeManagers(live.metadata.managedFields) ?? new Map<string, Owned>();
  if (managers.size === 0 && request.live) {
    trackChange(managers, emptyObject(request), live, { ...request, manager: BEFORE_FIRST_APPLY });
  }
  const who = { manager, operation: 'Apply', apiVersion: apiVersionOf(gvk), subresource } as const;
  const self = identityOf(who);
  const previous = managers.get(self);
  const set = fieldSet(body, of).without(resetOf(request));
  managers.set(self, { ...who, time: previous?.time, set });
  const before = withoutManagedFields(live);
  const merged = merge(before, body, of) ?? {};
  const result = previous ? prune(merged, managers, previous.set, of) : merged;
  const changes = filtered(compare(before, result, of), resetOf(request));
  if (!force) {
    const conflicts = conflictsOf(managers, changes.modified.union(changes.added), self);
    const allowed = conflicts.length > 0 && manager === KUBECTL ? setByClientSideApply(live, request) : new FieldSet();
    const left = conflicts.filter(({ path }) => !allowed.has(path));
    if (left.length > 0) throw conflictError(left);
  }
  disown(managers, changes, self);
  const changed = !equal(before, result);
  const kept = set.difference(STRIPPED);
  if (kept.isEmpty()) managers.delete(self);
  else managers.set(self, { ...who, time: changed ? timeText(now) : previous?.time, set: kept });
  const decoded = custom
    ? custom.finish(result as JsonObject)
    : decodeAs(result, schemaName, gvk, { wording: 'unstructured', keepsEmpties: true }).object;
  const object = { ...decoded, metadata: { ...decoded.metadata, managedFields: encodeManagers(managers) } };
  return { object: manager === KUBECTL ? syncLastApplied(object, body) : object };
}
