/** YAML nodes as JSON, aliases included; what unfolds to too much is refused before it is unfolded. */
import { isAlias, isMap, isPair, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Json } from '../api/types.ts';

/** A document that is well written and still refused. The message is Go's. */
export class YamlRefusal extends Error {}

export interface RepeatedKey {
  key: string;
  /** Where it is written again. */
  offset: number;
}

interface Value {
  json: Json;
  /** Nodes, with aliases counted as what they stand for. */
  size: number;
  /** Of these, the ones that come from aliases. */
  aliased: number;
}

/** As Go has it: small documents may be nearly all aliases, large ones hardly. */
const SMALL = 400_000;
const LARGE = 4_000_000;
function allowedRatio(size: number): number {
  if (size <= SMALL) return 0.99;
  return size >= LARGE ? 0.1 : 0.99 - 0.89 * ((size - SMALL) / (LARGE - SMALL));
}

class Reader {
  readonly repeats: RepeatedKey[] = [];
  readonly #anchors = new Map<string, Value | undefined>();
  #total = 0;
  #aliased = 0;

  read(node: unknown): Value {
    if (isAlias(node)) return this.#alias(node.source);
    const anchor = (node as { anchor?: string } | null)?.anchor;
    // Known, and not finished: who asks for it now is inside it.
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const value = this.#value(node);
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }
  #alias(name: string): Value {
    if (!this.#anchors.has(name)) throw new YamlRefusal(`yaml: unknown anchor '${name}' referenced`);
    const value = this.#anchors.get(name);
    if (!value) throw new YamlRefusal(`yaml: anchor '${name}' value contains itself`);
    this.#count(value.size, value.size);
    return { ...value, aliased: value.size };
  }
  #count(size: number, aliased: number): void {
    this.#total += size;
    this.#aliased += aliased;
    if (this.#aliased > 100 && this.#total > 1000 && this.#aliased / this.#total > allowedRatio(this.#total)) {
      throw new YamlRefusal('yaml: document contains excessive aliasing');
    }
  }
  #value(node: unknown): Value {
    this.#count(1, 0);
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(isPair(item) ? item.value : item));
      return { json: items.map(({ json }) => json), ...sum(items) };
    }
    const scalar = isScalar(node) ? node.value : null;
    return { json: asJson(scalar), size: 1, aliased: 0 };
  }
  #map(node: YAMLMap): Value {
    const own = new Map<string, Json>();
    const merged = new Map<string, Json>();
    const parts: Value[] = [];
    for (const { key, value } of node.items) {
      const name = this.read(key);
      const part = this.read(value);
      parts.push(name, part);
      const text = typeof name.json === 'string' ? name.json : JSON.stringify(name.json);
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') this.#mergeInto(merged, part.json);
      else {
        const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
        if (own.has(text)) this.repeats.push({ key: text, offset });
        own.set(text, part.json);
      }
    }
    return { json: sorted(new Map([...merged, ...own])), ...sum(parts) };
  }
  /** Keys merged in with << give way to those written, and to earlier ones merged in. */
  #mergeInto(merged: Map<string, Json>, from: Json): void {
    for (const source of Array.isArray(from) ? from : [from]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        throw new YamlRefusal('yaml: map merge requires map or sequence of maps as the value');
      }
      for (const [key, value] of Object.entries(source)) if (!merged.has(key)) merged.set(key, value);
    }
  }
}

/** YAML goes through JSON text on its way into Go's structs, and that has its keys sorted. */
const sorted = (entries: ReadonlyMap<string, Json>): Json =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b))));

function sum(values: readonly Value[]): { size: number; aliased: number } {
  let [size, aliased] = [1, 0];
  for (const value of values) {
    size += value.size;
    aliased += value.aliased;
  }
  return { size, aliased };
}

function asJson(scalar: unknown): Json {
  if (typeof scalar === 'bigint') return Number(scalar);
  if (scalar === null || typeof scalar === 'string' || typeof scalar === 'boolean') return scalar;
  if (typeof scalar === 'number') return Number.isFinite(scalar) ? scalar : null;
  return null;
}

/** Parts that aliases stand for several times are one value, shared. @throws YamlRefusal */
export function readYaml(contents: unknown): { json: Json; repeats: RepeatedKey[] } {
  const reader = new Reader();
  const { json } = reader.read(contents);
  return { json, repeats: reader.repeats };
}
