/**
 * Every small mistake that can be made in an object: each field of it removed, null, of another type, out of range, badly
 * named, repeated; each field that it does not have added, which also makes a second member of every union.
 */
import { childSchema, schema, type FieldSchema, type ValueSchema } from '#cluster/schema/lookup.ts';

export type Step = string | number;
export interface Mutation {
  path: readonly Step[];
  /** What was done: `removed`, `= -1`, `added`. */
  what: string;
  /** The body to send. */
  text: string;
}

/** A number as it is to stand in the body, which JavaScript would round. */
class Verbatim {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): string {
    return `@verbatim ${this.text}@`;
  }
}
const number = (text: string) => new Verbatim(text);
const asText = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/"@verbatim ([^@]*)@"/g, (_all, text: string) => text);

const REMOVED = Symbol('removed');
const leaf = (of: ValueSchema): string => of.ref?.split('.').at(-1) ?? '';

const STRINGS = [
  '',
  ' ',
  'Bad_Name',
  'bogus',
  'BOGUS',
  'a.b',
  'a/b',
  'a/b/c',
  '/abs',
  '../up',
  'a/../b',
  '-x',
  'a b',
  'a=b',
  'ünï',
  '1',
  '10.0.0.1',
  '10.0.0.300',
  '2001:DB8::1',
  'http://x/',
  'a:b',
  '50%',
  'x'.repeat(16),
  'x'.repeat(64),
  'x'.repeat(254),
];
const NOT_STRINGS = [1, true, {}, []];
const INTEGERS = [
  -1,
  0,
  1,
  2,
  65536,
  2147483647,
  number('2147483648'),
  number('9223372036854775807'),
  number('9223372036854775808'),
  1.5,
  number('1.0'),
  number('1e2'),
  '1',
  '',
  true,
  {},
  [],
];
const BOOLEANS = [true, false, 'true', '', 1, {}, []];
const INT_OR_STRINGS = [
  -1,
  0,
  1,
  65536,
  '',
  '1',
  '0%',
  '50%',
  '101%',
  '-5%',
  'bogus',
  'Bad_Port',
  '1.5%',
  1.5,
  true,
  {},
  [],
];
const QUANTITIES = [
  '',
  'bogus',
  '-1',
  '0',
  '1',
  '1m',
  '0.5',
  '0.0001',
  '1.5Gi',
  '1024Mi',
  '1000m',
  '1e3',
  '1Gb',
  '1 Gi',
  '100000000Ti',
  '9Ei',
  '99Ei',
  5,
  1.5,
  -1,
  true,
  {},
  [],
];
const TIMES = ['', 'yesterday', '2026-01-01', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5+01:00', 5, {}];
const KEYS = ['Bad Key!', 'a/b/c', '', '-x', 'bogus', 'bogus.example/x', '/x', 'X'.repeat(64)];
const VALUES: readonly unknown[] = ['bad value!', 'x'.repeat(64), '', 1, true, null, {}];

function ofLeaf(of: FieldSchema): readonly unknown[] {
  const kind = leaf(of);
  if (kind === 'Quantity') return QUANTITIES;
  if (kind === 'Time' || kind === 'MicroTime') return TIMES;
  const type = of.type ?? (of.ref === undefined ? undefined : schema(of.ref).type);
  switch (type) {
    case 'int-or-string':
      return INT_OR_STRINGS;
    case 'integer':
    case 'number':
      return INTEGERS;
    case 'boolean':
      return BOOLEANS;
    case 'string':
      return [...(of.enum ?? []), ...STRINGS, ...NOT_STRINGS];
    default:
      return [];
  }
}

/** A plain value for a field that the object does not have. */
function plain(of: ValueSchema): unknown {
  if (of.items) return [plain(of.items)];
  if (of.map) return { bogus: plain(of.map) };
  const kind = leaf(of);
  if (kind === 'Quantity') return '1';
  if (kind === 'Time') return '2026-01-01T00:00:00Z';
  if (kind === 'MicroTime') return '2026-01-01T00:00:00.000000Z';
  const type = of.type ?? (of.ref === undefined ? 'object' : schema(of.ref).type);
  if (type === 'string') return 'bogus';
  if (type === 'integer' || type === 'number' || type === 'int-or-string') return 1;
  return type === 'boolean' ? true : {};
}

/** The object with one place changed. */
function withPlace(object: unknown, path: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(object)) {
    const before: readonly unknown[] = object;
    if (step === before.length) return [...before, value];
    return before.flatMap((item, i) => {
      if (i !== step) return [item];
      return rest.length === 0 && value === REMOVED ? [] : [withPlace(item, rest, value)];
    });
  }
  const fields = { ...(object as Record<string, unknown>) };
  if (rest.length === 0 && value === REMOVED) delete fields[step];
  else fields[step] = withPlace(fields[step], rest, value);
  return fields;
}

interface Change {
  path: readonly Step[];
  what: string;
  value: unknown;
}
const shown = (value: unknown): string => {
  const text = asText(value);
  return text.length > 90 ? `${text.slice(0, 60)}... (${text.length})` : text;
};

function* ofValue(value: unknown, of: FieldSchema, path: readonly Step[]): Generator<Change> {
  const set = (to: unknown): Change => ({ path, what: `= ${shown(to)}`, value: to });
  if (path.length > 0) {
    yield { path, what: 'removed', value: REMOVED };
    yield set(null);
  }
  if (of.items || Array.isArray(value)) {
    yield* [[], 'bogus', {}, [null]].map(set);
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    if (items.length > 0) yield set([...items, items[0]]);
    const empty = of.items?.type === 'string' ? '' : {};
    if (of.items && leaf(of.items) !== 'Quantity') yield set([...items, empty]);
    for (const [i, item] of items.entries()) yield* ofValue(item, of.items ?? {}, [...path, i]);
    return;
  }
  if (of.map || (typeof value === 'object' && value !== null)) {
    if (path.length > 0) yield* [{}, 'bogus', [], 1].map(set);
    const fields = (value ?? {}) as Record<string, unknown>;
    if (of.map) {
      const some = Object.values(fields)[0] ?? plain(of.map);
      for (const key of KEYS) yield { path: [...path, key], what: 'added', value: some };
      if (of.map.type === 'string')
        for (const one of VALUES) yield { path: [...path, 'k'], what: `= ${shown(one)}`, value: one };
    } else {
      yield { path: [...path, 'unknownField'], what: 'added', value: 1 };
      const known = of.ref === undefined ? undefined : schema(of.ref).fields;
      for (const [name, field] of Object.entries(known ?? {}))
        if (!(name in fields)) {
          yield { path: [...path, name], what: 'added empty', value: field.items ? [] : field.map ? {} : '' };
          yield { path: [...path, name], what: 'added', value: plain(field) };
        }
    }
    for (const [name, part] of Object.entries(fields))
      yield* ofValue(part, childSchema(of, name) ?? {}, [...path, name]);
    return;
  }
  yield* ofLeaf(of).map(set);
}

/** All mutations of an object of the schema named, the object itself first. `from`: only below this path (`spec.containers`). */
export function* mutations(object: unknown, schemaName: string, from = ''): Generator<Mutation> {
  yield { path: [], what: 'unchanged', text: asText(object) };
  for (const { path, what, value } of ofValue(object, { ref: schemaName }, [])) {
    const place = path.join('.');
    if (from !== '' && place !== from && !place.startsWith(`${from}.`)) continue;
    yield { path, what, text: asText(withPlace(object, path, value)) };
  }
}
