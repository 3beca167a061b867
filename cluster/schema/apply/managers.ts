/** metadata.managedFields, taken apart by manager and put together again. */
import { deepFreeze } from '../../api/merge.ts';
import type { JsonObject, ObjectMeta } from '../../api/types.ts';
import { FieldSet } from './field-set.ts';

export type ManagedFields = NonNullable<ObjectMeta['managedFields']>;
type Entry = ManagedFields[number];

export interface Owned {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
  /** RFC 3339; undefined: never said. */
  time: string | undefined;
  set: FieldSet;
}
/** By identity: who, how, through which subresource, and for updates in which version. */
export type Managers = Map<string, Owned>;

export const identityOf = ({ manager, operation, apiVersion, subresource }: Omit<Owned, 'set' | 'time'>): string =>
  JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);

/** Stored objects never change, so a set is read and written once. */
const sets = new WeakMap<object, FieldSet>();
const written = new WeakMap<FieldSet, JsonObject>();

function setOf(fieldsV1: object | undefined): FieldSet | undefined {
  const known = fieldsV1 && sets.get(fieldsV1);
  if (known) return known;
  const set = FieldSet.fromFieldsV1(fieldsV1);
  if (set && fieldsV1 && Object.isFrozen(fieldsV1)) sets.set(fieldsV1, set);
  return set;
}
function fieldsOf(set: FieldSet): JsonObject {
  const fields = written.get(set) ?? deepFreeze(set.toFieldsV1());
  written.set(set, fields);
  sets.set(fields, set);
  return fields;
}

interface Decoded {
  identity: string;
  owned: Owned;
}
/** Entries of stored objects as they were read: an owner that a write leaves alone keeps the entry it has. */
const decoded = new WeakMap<object, Decoded>();
const entries = new WeakMap<Owned, Entry>();

/** undefined: the entry is not what the server writes. */
function decodeEntry(entry: Entry): Decoded | undefined {
  const known = decoded.get(entry);
  if (known) return known;
  const { manager = '', operation, apiVersion, fieldsType, fieldsV1, time, subresource = '' } = entry;
  if ((operation !== 'Apply' && operation !== 'Update') || !apiVersion || fieldsType !== 'FieldsV1') return undefined;
  const set = setOf(fieldsV1);
  if (!set) return undefined;
  const owned: Owned = { manager, operation, apiVersion, subresource, time, set };
  const made = { identity: identityOf(owned), owned };
  if (Object.isFrozen(entry)) decoded.set(entry, made);
  // only entries that were made here share what a set is written as, and these are as they are to be
  if (fieldsV1 !== undefined && written.get(set) === fieldsV1) entries.set(owned, entry);
  return made;
}

/** undefined: the entries are not what the server writes. */
export function decodeManagers(list: ManagedFields | undefined): Managers | undefined {
  const managers: Managers = new Map();
  for (const entry of list ?? []) {
    const made = decodeEntry(entry);
    if (!made) return undefined;
    managers.set(made.identity, made.owned);
  }
  return managers;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Applies before updates, older before newer. */
const compareOwned = (a: Owned, b: Owned): number =>
  compareText(a.operation, b.operation) ||
  (a.time === b.time ? 0 : (a.time ? Date.parse(a.time) : 0) - (b.time ? Date.parse(b.time) : 0)) ||
  compareText(a.manager, b.manager) ||
  compareText(a.apiVersion, b.apiVersion) ||
  compareText(a.subresource, b.subresource);

function encodeEntry(owned: Owned): Entry {
  const known = entries.get(owned);
  if (known) return known;
  const { manager, operation, apiVersion, time, set, subresource } = owned;
  const entry: Entry = { manager, operation, apiVersion };
  if (time !== undefined) entry.time = time;
  entry.fieldsType = 'FieldsV1';
  entry.fieldsV1 = fieldsOf(set);
  if (subresource !== '') entry.subresource = subresource;
  return entry;
}

export const encodeManagers = (managers: Managers): ManagedFields =>
  [...managers.values()].sort(compareOwned).map(encodeEntry);

/** More updaters than this are folded into one entry for each version. */
const MAX_UPDATERS = 10;
const FOLDED = 'ancient-changes';

/** Folds the oldest updaters together until few enough are left. Changes `managers`. */
export function capUpdaters(managers: Managers): void {
  if (managers.size <= MAX_UPDATERS) return;
  const updaters = [...managers.entries()]
    .filter(([, { operation }]) => operation === 'Update')
    .sort(([a, x], [b, y]) => Date.parse(x.time ?? '') - Date.parse(y.time ?? '') || compareText(a, b));
  let left = updaters.length;
  const first = new Map<string, string>();
  for (const [identity, owned] of updaters) {
    if (left <= MAX_UPDATERS) return;
    const bucketOf = { manager: FOLDED, operation: 'Update', apiVersion: owned.apiVersion, subresource: '' } as const;
    const bucket = identityOf(bucketOf);
    const before = first.get(owned.apiVersion);
    if (before === undefined) {
      first.set(owned.apiVersion, identity);
      continue;
    }
    const folded = managers.get(bucket) ?? managers.get(before);
    managers.delete(before);
    managers.delete(identity);
    managers.set(bucket, { ...bucketOf, time: owned.time, set: owned.set.union(folded?.set ?? new FieldSet()) });
    left -= 1;
  }
}
