/** Values seen through their schema: which paths they have, how two differ, one merged into another, parts taken out. */
import { equal } from '../../api/merge.ts';
import { goText, goTypeOf } from '../../api/patch/go-text.ts';
import type { Json, JsonObject } from '../../api/types.ts';
import type { FieldSchema } from '../lookup.ts';
import { elementText, fieldElement, FieldSet, type FieldPath } from './field-set.ts';
import {
  isMap,
  ItemError,
  itemElement,
  memberOf,
  resolved,
  type ListShape,
  type MapShape,
  type ScalarShape,
} from './shape.ts';

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The paths a value has: scalars and atomic parts, items of lists, entries of maps, and empty maps. */
export function fieldSet(value: Json, of: FieldSchema): FieldSet {
  const set = new FieldSet();
  collect(value, of, [], set);
  return set;
}

function collect(value: Json, of: FieldSchema, path: FieldPath, set: FieldSet): void {
  const shape = resolved(of, value);
  if (
    shape.kind === 'scalar' ||
    (shape.kind === 'map' && shape.atomic) ||
    (shape.kind === 'list' && shape.by === 'atomic')
  ) {
    set.insert(path);
  } else if (shape.kind === 'list') {
    const items = Array.isArray(value) ? value.map((item) => [itemElement(shape, item), item] as const) : [];
    for (const [element, item] of items) {
      const inside = [...path, element];
      const once = items.filter(([other]) => other === element).length === 1;
      if (once) collect(item, shape.element, inside, set);
      set.insert(inside);
    }
  } else if (isMap(value)) {
    for (const [name, part] of Object.entries(value)) {
      const member = memberOf(shape, name);
      if (!member) continue;
      const inside = [...path, fieldElement(name)];
      collect(part, member, inside, set);
      if (part === null || (isMap(part) && isEmpty(part)) || !shape.fields?.[name]) set.insert(inside);
    }
  }
}

/** Two that are the same are mostly one object, so that what follows from one is worked out once. Never changed. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

/**
 * A text that is the same only for values that have the same paths, whatever their type, and hold nothing or zero at the same of
 * them: these differ in the same paths from a value that holds nothing but zeros.
 */
export function outline(value: JsonObject): string {
  const parts: string[] = [];
  outlineInto(value, parts);
  return parts.join('\n');
}

function outlineInto(value: JsonObject, parts: string[]): void {
  parts.push('{');
  for (const name in value) {
    const part = value[name];
    if (part === undefined) continue;
    // names may hold anything: with their length they can't be taken for something else
    parts.push(`${name.length} ${name}`);
    if (isMap(part)) outlineInto(part, parts);
    // what is in a list may be what its items are known by
    else parts.push(part && !Array.isArray(part) ? '=' : JSON.stringify(part));
  }
  parts.push('}');
}

/** One after the other: what became of a path, how many elements it has, and these. */
type Marks = (string | number)[];
const mark = (into: Marks, what: keyof Comparison, path: readonly string[]): void =>
  void into.push(what, path.length, ...path);

/** Comparisons kept: pods of one template go through the same changes. */
const MAX_COMPARISONS = 2000;
/** Marks of one comparison; those of large changes are not kept. */
const MAX_MARKS = 1000;
const comparisons = new Map<string, Comparison>();

/** undefined stands for a value that is not there. */
export function compare(before: Json | undefined, after: Json | undefined, of: FieldSchema): Comparison {
  const marks: Marks = [];
  compareAt(before, after, of, [], marks);
  if (marks.length > MAX_MARKS) return comparisonOf(marks);
  const key = JSON.stringify(marks);
  let known = comparisons.get(key);
  if (known) return known;
  known = comparisonOf(marks);
  if (comparisons.size >= MAX_COMPARISONS) comparisons.clear();
  comparisons.set(key, known);
  return known;
}

function comparisonOf(marks: Marks): Comparison {
  const comparison = { removed: new FieldSet(), modified: new FieldSet(), added: new FieldSet() };
  for (let at = 0; at < marks.length;) {
    const [what, length] = [marks[at] as keyof Comparison, marks[at + 1] as number];
    const end = at + 2 + length;
    comparison[what].insert(marks.slice(at + 2, end) as string[]);
    at = end;
  }
  return comparison;
}

/** `path` is the caller's: what is added to it here is gone from it afterwards. */
function compareAt(
  before: Json | undefined,
  after: Json | undefined,
  of: FieldSchema,
  path: string[],
  into: Marks,
): void {
  // Unchanged parts are often shared.
  if (before === after) return;
  const shape = resolved(of, after ?? before);
  const leaf =
    shape.kind === 'scalar' ||
    (shape.kind === 'map' ? shape.atomic : shape.by === 'atomic') ||
    (isEmpty(before) && isEmpty(after));
  if (before === undefined) mark(into, 'added', path);
  else if (after === undefined) mark(into, 'removed', path);
  else if (leaf && !equal(before, after)) mark(into, 'modified', path);
  if (leaf) return;
  if (shape.kind === 'list') compareLists(asList(before), asList(after), shape, path, into);
  else if (shape.kind === 'map') compareMaps(isMap(before) ? before : {}, isMap(after) ? after : {}, shape, path, into);
}

function compareMaps(before: JsonObject, after: JsonObject, shape: MapShape, path: string[], into: Marks): void {
  for (const name in before) {
    if (before[name] !== after[name]) compareMember(name, before[name], after[name], shape, path, into);
  }
  for (const name in after) {
    if (!Object.hasOwn(before, name)) compareMember(name, undefined, after[name], shape, path, into);
  }
}

function compareMember(
  name: string,
  before: Json | undefined,
  after: Json | undefined,
  shape: MapShape,
  path: string[],
  into: Marks,
): void {
  const member = memberOf(shape, name);
  if (!member) return;
  path.push(fieldElement(name));
  compareAt(before, after, member, path, into);
  path.pop();
}

const asList = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** Items by name; names that several items have hold them all. */
function byElement(list: readonly Json[], shape: ListShape): Map<string, Json[]> {
  const items = new Map<string, Json[]>();
  for (const item of list) {
    const element = itemElement(shape, item);
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return items;
}

function compareLists(before: Json[], after: Json[], shape: ListShape, path: string[], into: Marks): void {
  const [left, right] = [byElement(before, shape), byElement(after, shape)];
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const [olds, news] = [left.get(element) ?? [], right.get(element) ?? []];
    path.push(element);
    if (olds.length <= 1 && news.length <= 1) compareAt(olds[0], news[0], shape.element, path, into);
    else if (olds.length >= 2 && news.length >= 2) {
      if (!equal(olds, news)) mark(into, 'modified', path);
    } else if (olds.length >= 2) {
      if (news.length > 0) compareAt(undefined, news[0], shape.element, path, into);
      mark(into, 'removed', path);
    } else {
      if (olds.length > 0) compareAt(olds[0], undefined, shape.element, path, into);
      mark(into, 'added', path);
    }
    path.pop();
  }
}

/** `applied` merged into `live`: scalars and atomic parts are replaced, lists by key and maps are joined. */
export function merge(live: Json | undefined, applied: Json | undefined, of: FieldSchema): Json | undefined {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const shape = resolved(of, applied);
  const leaf = shape.kind === 'scalar' || (shape.kind === 'map' ? shape.atomic : shape.by === 'atomic');
  if (leaf || (isEmpty(live) && isEmpty(applied))) return applied;
  if (shape.kind === 'list') return mergeLists(asList(live), asList(applied), shape);
  const [left, right] = [isMap(live) ? live : {}, isMap(applied) ? applied : {}];
  const merged: JsonObject = {};
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const value = merge(left[name], right[name], memberOf(shape, name) ?? {});
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** The applied order wins for items in both; live ones keep their place before the next shared one. */
function mergeLists(live: Json[], applied: Json[], shape: ListShape): Json[] {
  const left = live.map((item) => itemElement(shape, item));
  const right = applied.map((item) => itemElement(shape, item));
  const find = (elements: string[], items: Json[], element: string): Json | undefined => {
    const at = elements.indexOf(element);
    // An item that is there twice has no value of its own to merge with.
    return at < 0 || elements.includes(element, at + 1) ? undefined : items[at];
  };
  const join = (element: string): Json =>
    merge(find(left, live, element), find(right, applied, element), shape.element) as Json;
  const shared = right.filter((element) => left.includes(element));
  const done = new Set<string>();
  const out: Json[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [mine, theirs] = [left[l], right[r]];
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        done.add(mine);
        out.push(join(mine));
        l += 1;
        r += 1;
        shared.shift();
        continue;
      }
      if (right.includes(mine) && shared[0] !== undefined && shared[0] !== mine) {
        // Shared, but out of order: it comes where the applied list has it.
        l += 1;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!right.includes(mine)) {
        out.push(live[l] as Json);
        l += 1;
        continue;
      }
      if (done.has(mine)) l += 1;
    }
    if (theirs !== undefined) {
      done.add(theirs);
      out.push(join(theirs));
      r += 1;
      if (shared[0] === theirs) shared.shift();
    }
  }
  return out;
}

/** The value without the paths of a set and what lies under them; undefined when nothing is left of a list or map. */
export function withoutPaths(value: Json, paths: FieldSet, of: FieldSchema): Json | undefined {
  const shape = resolved(of, value);
  if (shape.kind === 'scalar') return value;
  // What has one owner only is taken out as a whole: by its parent.
  if (shape.kind === 'map' ? shape.atomic : shape.by === 'atomic') return undefined;
  if (shape.kind === 'list') {
    const left = asList(value).flatMap((item): Json[] => {
      const element = itemElement(shape, item);
      if (paths.hasElement(element)) return [];
      const inside = paths.under(element);
      return [inside ? (withoutPaths(item, inside, shape.element) ?? null) : item];
    });
    return left.length === 0 ? undefined : left;
  }
  const left: JsonObject = {};
  for (const [name, part] of Object.entries(isMap(value) ? value : {})) {
    const element = fieldElement(name);
    if (paths.hasElement(element)) continue;
    const inside = paths.under(element);
    left[name] = inside ? (withoutPaths(part, inside, memberOf(shape, name) ?? {}) ?? null) : part;
  }
  return Object.keys(left).length === 0 ? undefined : left;
}

/** `.spec.replicas: expected numeric (int or float), got string`, ... */
export function typeProblems(value: Json, of: FieldSchema, path = ''): string[] {
  if (value === null) return [];
  const shape = resolved(of, value);
  const say = (what: string) => [path === '' ? what : `${path}: ${what}`];
  if (shape.kind === 'scalar') return scalarProblem(shape, value).flatMap(say);
  if (shape.kind === 'list') {
    return Array.isArray(value) ? itemProblems(value, shape, path, say) : say(`expected list, got &{${goText(value)}}`);
  }
  return isMap(value) ? memberProblems(value, shape, path) : say(`expected map, got &{${goText(value)}}`);
}

function scalarProblem({ type }: ScalarShape, value: Json): string[] {
  const scalar = typeof value !== 'object';
  if (type === 'untyped') return scalar ? [] : [`expected any scalar, got &{${goText(value)}}`];
  if (typeof value === type) return [];
  if (type === 'number') return [`expected numeric (int or float), got ${goTypeOf(value)}`];
  if (type === 'boolean') return [`expected boolean, got &{${goText(value)}}`];
  return [`expected string, got &value.valueUnstructured{Value:${goSource(value)}}`];
}

/** As Go prints a value with %#v. */
function goSource(value: Json): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSource).join(', ')}}`;
  if (!isMap(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return `map[string]interface {}{${entries.map(([key, part]) => `${JSON.stringify(key)}:${goSource(part)}`).join(', ')}}`;
}

function itemProblems(list: Json[], shape: ListShape, path: string, say: (what: string) => string[]): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    let element = `i:${i}`;
    if (shape.by !== 'atomic') {
      try {
        element = itemElement(shape, item);
      } catch (error) {
        if (!(error instanceof ItemError)) throw error;
        return [...problems, ...say(`element ${i}: ${error.message}`)];
      }
      if (seen.has(element)) problems.push(...say(`duplicate entries for key ${elementText(element)}`));
      seen.add(element);
    }
    problems.push(...typeProblems(item, shape.element, path + elementText(element)));
  }
  return problems;
}

function memberProblems(value: JsonObject, shape: MapShape, path: string): string[] {
  const problems: string[] = [];
  for (const [name, part] of Object.entries(value)) {
    const member = memberOf(shape, name);
    if (!member) return [...problems, `${path}.${name}: field not declared in schema`];
    problems.push(...typeProblems(part, member, `${path}.${name}`));
  }
  return problems;
}
