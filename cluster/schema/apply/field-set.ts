/**
 * Sets of paths into an object, as metadata.managedFields keeps them (FieldsV1). A path is made of elements in their written
 * form: `f:spec` (a field), `k:{"name":"web"}` (an item of a list by its keys), `v:"x"` (an item by its value).
 */
import type { JsonObject } from '../../api/types.ts';
import { shapeOf, type Shape } from './shape.ts';

export type PathElement = string;
export type FieldPath = readonly PathElement[];

export const fieldElement = (name: string): PathElement => `f:${name}`;

/** `.spec`, `[name="web"]`, `[="x"]` */
export function elementText(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (!element.startsWith('k:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
export const pathText = (path: FieldPath): string => path.map(elementText).join('');

/** Fields come before keys before values, as Go sorts them. */
const compareElements = (a: PathElement, b: PathElement): number => (a < b ? -1 : Number(a > b));
const sortedElements = (elements: Iterable<PathElement>): PathElement[] => [...elements].sort(compareElements);

function isElement(text: string): boolean {
  if (text.startsWith('f:')) return true;
  if (text.startsWith('i:')) return /^-?[0-9]+$/.test(text.slice(2));
  if (!/^[kv]:/.test(text)) return false;
  try {
    const value: unknown = JSON.parse(text.slice(2));
    return text.startsWith('v:') || (typeof value === 'object' && value !== null);
  } catch {
    return false;
  }
}

export class FieldSet {
  readonly #members = new Set<PathElement>();
  readonly #children = new Map<PathElement, FieldSet>();

  static of(paths: Iterable<FieldPath>): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }
  /** From the form it has in an object. undefined: that is not how a set is written. */
  static fromFieldsV1(fields: unknown): FieldSet | undefined {
    const set = new FieldSet();
    if (typeof fields !== 'object' || fields === null) return set;
    for (const [element, inner] of Object.entries(fields as Record<string, unknown>)) {
      if (element === '.') continue;
      const child = FieldSet.fromFieldsV1(inner);
      if (!child || !isElement(element)) return undefined;
      const owns = child.isEmpty() || (typeof inner === 'object' && inner !== null && '.' in inner);
      if (owns) set.#members.add(element);
      set.#put(element, child);
    }
    return set;
  }
  toFieldsV1(): JsonObject {
    const fields: JsonObject = {};
    for (const element of sortedElements(new Set([...this.#members, ...this.#children.keys()]))) {
      const child = this.#children.get(element);
      const own: JsonObject = child && this.#members.has(element) ? { '.': {} } : {};
      fields[element] = child ? { ...own, ...child.toFieldsV1() } : {};
    }
    return fields;
  }

  #put(element: PathElement, child: FieldSet): void {
    if (!child.isEmpty()) this.#children.set(element, child);
  }
  /** The path itself, not what lies under or above it. */
  insert(path: FieldPath, depth = 0): void {
    const element = path[depth];
    if (element === undefined) return;
    if (depth === path.length - 1) {
      this.#members.add(element);
      return;
    }
    let child = this.#children.get(element);
    if (!child) this.#children.set(element, (child = new FieldSet()));
    child.insert(path, depth + 1);
  }
  hasElement(element: PathElement): boolean {
    return this.#members.has(element);
  }
  has(path: FieldPath): boolean {
    const [element, ...rest] = path;
    if (element === undefined) return false;
    return rest.length === 0 ? this.#members.has(element) : (this.#children.get(element)?.has(rest) ?? false);
  }
  under(element: PathElement): FieldSet | undefined {
    return this.#children.get(element);
  }
  contains(other: FieldSet): boolean {
    for (const element of other.#members) if (!this.#members.has(element)) return false;
    for (const [element, theirs] of other.#children) {
      if (!this.#children.get(element)?.contains(theirs)) return false;
    }
    return true;
  }
  isEmpty(): boolean {
    return this.#members.size === 0 && this.#children.size === 0;
  }

  union(other: FieldSet): FieldSet {
    const set = new FieldSet();
    for (const element of [...this.#members, ...other.#members]) set.#members.add(element);
    for (const element of new Set([...this.#children.keys(), ...other.#children.keys()])) {
      const [mine, theirs] = [this.#children.get(element), other.#children.get(element)];
      const child = mine && theirs ? mine.union(theirs) : (mine ?? theirs);
      if (child) set.#put(element, child);
    }
    return set;
  }
  intersection(other: FieldSet): FieldSet {
    const set = new FieldSet();
    for (const element of this.#members) if (other.#members.has(element)) set.#members.add(element);
    for (const [element, child] of this.#children) {
      const theirs = other.#children.get(element);
      if (theirs) set.#put(element, child.intersection(theirs));
    }
    return set;
  }
  /** What lies under a path that goes stays. */
  difference(other: FieldSet): FieldSet {
    const set = new FieldSet();
    for (const element of this.#members) if (!other.#members.has(element)) set.#members.add(element);
    for (const [element, child] of this.#children) {
      const theirs = other.#children.get(element);
      set.#put(element, theirs ? child.difference(theirs) : child);
    }
    return set;
  }
  /** What lies under a path that goes, goes too. */
  without(other: FieldSet): FieldSet {
    const set = new FieldSet();
    for (const element of this.#members) if (!other.#members.has(element)) set.#members.add(element);
    for (const [element, child] of this.#children) {
      if (other.#members.has(element)) continue;
      const theirs = other.#children.get(element);
      set.#put(element, theirs ? child.without(theirs) : child);
    }
    return set;
  }
  /** With the named fields on the way to each path: an owner of spec.replicas has spec, too. */
  withNamedFields(shape: Shape | undefined): FieldSet {
    const set = new FieldSet();
    for (const element of this.#members) set.#members.add(element);
    for (const [element, child] of this.#children) {
      let inner: Shape | undefined;
      if (shape?.kind === 'map' && element.startsWith('f:')) {
        const field = shape.fields?.[element.slice(2)];
        if (field) set.#members.add(element);
        inner = field ? shapeOf(field) : shape.element && shapeOf(shape.element);
      } else if (shape?.kind === 'list' && element.startsWith('k:')) inner = shapeOf(shape.element);
      set.#put(element, child.withNamedFields(inner));
    }
    return set;
  }
  /** Outside in, sorted. */
  *paths(prefix: FieldPath = []): Generator<FieldPath> {
    for (const element of sortedElements(this.#members)) yield [...prefix, element];
    for (const element of sortedElements(this.#children.keys())) {
      yield* this.#children.get(element)?.paths([...prefix, element]) ?? [];
    }
  }
}
