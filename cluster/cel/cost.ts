/**
 * What evaluating costs, in the real server's units: names and fields 1, strings a tenth per character, loops what their
 * rounds cost. Sizes are counted before the work is done wherever the work grows with them.
 */
import { isMapValue, ListValue, sizeOf, type Value } from './values.ts';

/** An expression may cost this much a call. */
export const PER_CALL_LIMIT = 1_000_000;
/** All expressions of one object's rules, or of one policy, together. */
export const RUNTIME_BUDGET = 10_000_000;

const STRING_FACTOR = 0.1;
const REGEX_FACTOR = 0.25;
export const LIST_COST = 10;
export const MAP_COST = 30;
const CHECK_COST = 350_000;

export class CostExceeded extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

function traversal(value: Value): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return Math.floor(value.length * STRING_FACTOR);
  if (value instanceof ListValue) {
    let sum = 0;
    for (const item of value) sum += traversal(item);
    return sum;
  }
  if (isMapValue(value)) {
    return value.keys().reduce<number>((sum, key) => sum + traversal(key) + traversal(value.find(key) ?? null), 0);
  }
  return 1;
}

const scan = (value: Value | undefined, factor = STRING_FACTOR): number => Math.ceil(sizeOf(value ?? null) * factor);
const regex = (text: Value | undefined, pattern: Value | undefined): number =>
  Math.ceil((1 + sizeOf(text ?? null)) * STRING_FACTOR) * Math.ceil(sizeOf(pattern ?? null) * REGEX_FACTOR);

type Cost = (args: readonly Value[], result: Value) => number;
const smaller: Cost = ([a = null, b = null]) => Math.ceil(Math.min(sizeOf(a), sizeOf(b)) * STRING_FACTOR);
const traverse: Cost = ([value = null]) => traversal(value);
const once: Cost = ([value]) => scan(value);
const twice: Cost = ([value]) => scan(value, 2 * STRING_FACTOR);
const sets =
  (factor: number): Cost =>
  ([a = null, b = null]) =>
    1 + Math.ceil(sizeOf(a) * sizeOf(b) * factor);
const strings =
  (cost: Cost): Cost =>
  (args, result) =>
    typeof args[0] === 'string' || args[0] instanceof Uint8Array ? cost(args, result) : 1;

const COSTS: Record<string, Cost> = {
  check: () => CHECK_COST,
  isSorted: traverse,
  sum: traverse,
  max: traverse,
  min: traverse,
  indexOf: traverse,
  lastIndexOf: traverse,
  url: once,
  lowerAscii: once,
  upperAscii: once,
  substring: once,
  trim: once,
  replace: twice,
  split: twice,
  join: (_args, result) => scan(result, 2 * STRING_FACTOR),
  find: ([text, pattern]) => regex(text, pattern),
  findAll: ([text, pattern]) => regex(text, pattern),
  matches: ([text, pattern]) => regex(text, pattern),
  cidr: once,
  isIP: once,
  isCIDR: once,
  ip: strings(once),
  'ip.isCanonical': twice,
  containsIP: ([cidr = null, other]) =>
    Math.ceil(2 * sizeOf(cidr) * STRING_FACTOR) + (typeof other === 'string' ? scan(other) : 0),
  containsCIDR: ([cidr = null, other]) =>
    Math.ceil(2 * sizeOf(cidr) * STRING_FACTOR) + scan(cidr) + 1 + (typeof other === 'string' ? scan(other) : 0),
  quantity: once,
  isQuantity: once,
  semver: once,
  isSemver: once,
  startsWith: once,
  endsWith: once,
  'strings.quote': once,
  format: once,
  '@in': ([, list = null]) => (list instanceof ListValue ? list.size : 1),
  '_==_': smaller,
  '_!=_': smaller,
  '_<_': strings(smaller),
  '_<=_': strings(smaller),
  '_>_': strings(smaller),
  '_>=_': strings(smaller),
  '_+_': strings(([a = null, b = null]) => Math.ceil((sizeOf(a) + sizeOf(b)) * STRING_FACTOR)),
  bytes: strings(once),
  string: ([value = null]) => (value instanceof Uint8Array ? scan(value) : 1),
  contains: ([text, part]) => scan(text) * scan(part),
  'sets.contains': sets(1),
  'sets.intersects': sets(1),
  'sets.equivalent': sets(2),
};

/** What one call cost, its result known. */
export const callCost = (name: string, args: readonly Value[], result: Value): number =>
  Object.hasOwn(COSTS, name) ? (COSTS[name]?.(args, result) ?? 1) : 1;
