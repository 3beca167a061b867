/** Which part of an object was which part before: lists by their keys, everything else by name. */
import { equal } from '../../api/merge.ts';
import type { Json } from '../../api/types.ts';
import { isMap, itemsOf, own, valuesOf, type SchemaProps } from './schema-props.ts';

const keyOf = (item: Json | undefined, keys: readonly string[]): string | undefined =>
  isMap(item) ? JSON.stringify(keys.map((key) => item[key] ?? null)) : undefined;

/** The item of a list of type map that has the same keys; undefined for other lists. */
export function counterpart(
  item: Json | undefined,
  before: Json | undefined,
  schema: SchemaProps | undefined,
): Json | undefined {
  if (schema?.['x-kubernetes-list-type'] !== 'map' || !Array.isArray(before)) return undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const wanted = keyOf(item, keys);
  return wanted === undefined ? undefined : before.find((one) => keyOf(one, keys) === wanted);
}

/** A value and what it was before. */
export class Correlation {
  readonly #value: Json;
  readonly #old: Json;
  readonly #schema: SchemaProps | undefined;
  readonly isRoot: boolean;
  #unchanged: boolean | undefined;
  constructor(value: Json, old: Json, schema: SchemaProps | undefined, isRoot = true) {
    this.#value = value;
    this.#old = old;
    this.#schema = schema;
    this.isRoot = isRoot;
  }
  get unchanged(): boolean {
    return (this.#unchanged ??= equal(this.#value, this.#old));
  }
  /** undefined: there is nothing to compare with. */
  key(name: string): Correlation | undefined {
    const [value, old, schema] = [this.#value, this.#old, this.#schema];
    if (!schema || !isMap(value) || !isMap(old) || !Object.hasOwn(value, name) || !Object.hasOwn(old, name))
      return undefined;
    const part = own(schema.properties, name) ?? valuesOf(schema);
    return part && new Correlation(value[name] ?? null, old[name] ?? null, part, false);
  }
  index(position: number): Correlation | undefined {
    const value = this.#value;
    if (!Array.isArray(value) || !this.#schema) return undefined;
    const item = value[position];
    const old = counterpart(item, this.#old, this.#schema);
    return old === undefined ? undefined : new Correlation(item ?? null, old, itemsOf(this.#schema), false);
  }
}
