/** The types of CEL expressions, as the checker sees them, and how they unify. */

export type Kind =
  | 'bool'
  | 'bytes'
  | 'double'
  | 'int'
  | 'uint'
  | 'string'
  | 'null'
  | 'timestamp'
  | 'duration'
  | 'dyn'
  | 'error'
  | 'list'
  | 'map'
  | 'struct'
  | 'opaque'
  | 'param'
  | 'type';

export interface Type {
  readonly kind: Kind;
  /** As sentences about a failed match name it; for structs, opaque types and parameters their own name. */
  readonly name: string;
  /** Of lists, maps, optionals, `type(...)`. */
  readonly of: readonly Type[];
  /** Of structs. */
  readonly fields?: StructFields;
}

/** Looked up when first asked for, so that recursive schemas can be declared. */
export interface StructFields {
  get(name: string): Type | undefined;
}

const plain = (kind: Kind, name: string = kind): Type => ({ kind, name, of: [] });

export const BOOL = plain('bool');
export const BYTES = plain('bytes');
export const DOUBLE = plain('double');
export const INT = plain('int');
export const UINT = plain('uint');
export const STRING = plain('string');
export const NULL = plain('null');
export const TIMESTAMP = plain('timestamp');
export const DURATION = plain('duration');
export const DYN = plain('dyn');
export const ERROR = plain('error', '!error!');

export const listType = (item: Type): Type => ({ kind: 'list', name: 'list', of: [item] });
export const mapType = (key: Type, value: Type): Type => ({ kind: 'map', name: 'map', of: [key, value] });
export const structType = (name: string, fields: StructFields): Type => ({ kind: 'struct', name, of: [], fields });
/** A struct whose fields' types are found when first asked for: schemas may be large, and refer to themselves. */
export function lazyStructType(name: string, find: (field: string) => Type | undefined): Type {
  const known = new Map<string, Type | undefined>();
  return structType(name, {
    get(field) {
      if (!known.has(field)) known.set(field, find(field));
      return known.get(field);
    },
  });
}
export const opaqueType = (name: string, ...of: Type[]): Type => ({ kind: 'opaque', name, of });
export const optionalType = (of: Type): Type => opaqueType('optional_type', of);
export const typeParam = (name: string): Type => plain('param', name);
export const typeOf = (of?: Type): Type => ({ kind: 'type', name: 'type', of: of ? [of] : [] });

export const isDyn = (type: Type): boolean => type.kind === 'dyn';
const isDynOrError = (type: Type): boolean => type.kind === 'dyn' || type.kind === 'error';

/** What an optional holds, or undefined for other types. */
export const insideOptional = (type: Type): Type | undefined =>
  type.kind === 'opaque' && type.name === 'optional_type' ? type.of[0] : undefined;

export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.of.length === b.of.length &&
    a.of.every((part, i) => {
      const other = b.of[i];
      return other !== undefined && sameType(part, other);
    })
  );
}

/** As the checker's sentences print it: `list(string)`, `map(string, dyn)`. */
export const formatType = (type: Type): string =>
  type.of.length === 0 ? type.name : `${type.name}(${type.of.map(formatType).join(', ')})`;

const LONG_NAMES: Partial<Record<Kind, string>> = {
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  null: 'null_type',
};

/** As `type(x)` and "must evaluate to ... but got ..." print it. */
export function typeText(type: Type): string {
  const name = LONG_NAMES[type.kind] ?? type.name;
  return type.of.length === 0 ? name : `${name}(${type.of.map(typeText).join(', ')})`;
}

/** What type parameters stand for. Tried on a copy, kept when the match succeeds. */
export type Mapping = ReadonlyMap<string, Type>;

export function substitute(mapping: Mapping, type: Type, unboundToDyn: boolean): Type {
  if (type.kind === 'param') {
    const bound = mapping.get(type.name);
    if (bound) return substitute(mapping, bound, unboundToDyn);
    return unboundToDyn ? DYN : type;
  }
  if (type.of.length === 0) return type;
  return { ...type, of: type.of.map((part) => substitute(mapping, part, unboundToDyn)) };
}

function isEqualOrLessSpecific(a: Type, b: Type): boolean {
  if (isDyn(a) || a.kind === 'param') return true;
  if (isDyn(b) || b.kind === 'param' || a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  return (
    a.name === b.name &&
    a.of.length === b.of.length &&
    a.of.every((part, i) => isEqualOrLessSpecific(part, b.of[i] ?? DYN))
  );
}

export const mostGeneral = (a: Type, b: Type): Type => (isEqualOrLessSpecific(a, b) ? a : b);

function notReferencedIn(mapping: Mapping, type: Type, within: Type): boolean {
  if (sameType(type, within)) return false;
  if (within.kind === 'param') {
    const bound = mapping.get(within.name);
    return !bound || notReferencedIn(mapping, type, bound);
  }
  return within.of.every((part) => notReferencedIn(mapping, type, part));
}

/** Whether `param`, or what stands for it, may stand for `type`. */
function substitution(mapping: Map<string, Type>, type: Type, param: Type): { valid: boolean; bound: boolean } {
  if (sameType(type, param)) return { valid: true, bound: true };
  const bound = mapping.get(param.name);
  if (bound) {
    if (sameType(type, bound)) return { valid: true, bound: true };
    if (assignable(mapping, type, bound)) {
      const general = mostGeneral(type, bound);
      if (notReferencedIn(mapping, param, general)) mapping.set(param.name, general);
      return { valid: true, bound: true };
    }
    return { valid: false, bound: true };
  }
  if (notReferencedIn(mapping, param, type)) {
    mapping.set(param.name, type);
    return { valid: true, bound: false };
  }
  return { valid: false, bound: false };
}

const NULLABLE: ReadonlySet<Kind> = new Set(['opaque', 'struct', 'duration', 'timestamp', 'null']);

function assignable(mapping: Map<string, Type>, a: Type, b: Type): boolean {
  if (b.kind === 'param') {
    const { valid, bound } = substitution(mapping, a, b);
    if (valid) return true;
    if (bound) return false;
  }
  if (a.kind === 'param') return substitution(mapping, b, a).valid;
  if (isDynOrError(a) || isDynOrError(b)) return true;
  if (a.kind === 'null') return NULLABLE.has(b.kind);
  if (b.kind === 'null') return NULLABLE.has(a.kind);
  if (a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  return a.name === b.name && allAssignable(mapping, a.of, b.of);
}

function allAssignable(mapping: Map<string, Type>, a: readonly Type[], b: readonly Type[]): boolean {
  return (
    a.length === b.length &&
    a.every((part, i) => {
      const other = b[i];
      return other !== undefined && assignable(mapping, part, other);
    })
  );
}

/** The mapping under which each of `a` fits into its place in `b`, or undefined. */
export function unify(mapping: Mapping, a: readonly Type[], b: readonly Type[]): Mapping | undefined {
  const tried = new Map(mapping);
  return allAssignable(tried, a, b) ? tried : undefined;
}
