/** Checks Kubernetes objects, whole or in part, against the facts of 1.35: fields, types, quantities. */
import { parseQuantity } from '#cluster/api/quantity.ts';
import { schema, schemaNameOf, type ValueSchema } from '#cluster/schema/lookup.ts';
import { groupVersion, resourceName, resources, type ResourceInfo } from '#cluster/schema/resources.ts';
import { nearest } from './near.ts';

export interface ManifestProblem {
  path: (string | number)[];
  message: string;
}

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
export const isQuantity = (of: ValueSchema | undefined): boolean => of?.ref === QUANTITY;

/** The resource of a kind; with several API groups the first, unless `apiVersion` says which. */
export function resourceOf(kind: string, apiVersion?: string): ResourceInfo | undefined {
  const found = resources.filter((info) => info.kind === kind);
  return apiVersion === undefined ? found[0] : found.find((info) => groupVersion(info) === apiVersion);
}

export const schemaOf = (info: ResourceInfo): ValueSchema => {
  const ref = schemaNameOf(info.group, info.version, info.kind);
  if (ref === undefined) throw new Error(`no schema for ${resourceName(info)}`);
  return { ref };
};

/** Says which kinds there are when one is unknown. */
export function unknownKind(kind: string, apiVersion?: string): string {
  const inOther = resourceOf(kind);
  if (inOther && apiVersion !== undefined) {
    return `kind ${JSON.stringify(kind)} is not in ${apiVersion} but in ${groupVersion(inOther)}`;
  }
  const meant = nearest(
    kind,
    resources.map((info) => info.kind),
  );
  return `unknown kind ${JSON.stringify(kind)}${meant ? `; did you mean ${JSON.stringify(meant)}?` : ''}`;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  object: isMap,
  'int-or-string': (value) => typeof value === 'string' || Number.isInteger(value),
};

/** All problems of a value that stands where the facts say `of`. */
export function checkValue(value: unknown, of: ValueSchema, path: (string | number)[] = []): ManifestProblem[] {
  const wrong = (expected: string): ManifestProblem[] => [
    { path, message: `${path.join('.')}: expected ${expected}, found ${JSON.stringify(value)}` },
  ];
  if (value === null) return [];
  if (of.items) {
    const { items } = of;
    if (!Array.isArray(value)) return wrong('a list');
    return value.flatMap((item, index) => checkValue(item, items, [...path, index]));
  }
  if (of.map) {
    const { map } = of;
    if (!isMap(value)) return wrong('a map');
    return Object.entries(value).flatMap(([key, inner]) => checkValue(inner, map, [...path, key]));
  }
  if (isQuantity(of)) {
    const readable = (typeof value === 'string' || typeof value === 'number') && parseQuantity(value) !== undefined;
    return readable ? [] : wrong('a quantity such as 500m, 1, 256Mi or 2Gi');
  }
  const { type, fields } = of.ref === undefined ? { type: of.type, fields: undefined } : schema(of.ref);
  if (fields) {
    if (!isMap(value)) return wrong('an object');
    return Object.entries(value).flatMap(([key, inner]) => {
      const field = fields[key];
      if (field) return checkValue(inner, field, [...path, key]);
      const meant = nearest(key, Object.keys(fields));
      const cure = meant ? `; did you mean ${JSON.stringify(meant)}?` : '';
      return [{ path: [...path, key], message: `unknown field ${JSON.stringify([...path, key].join('.'))}${cure}` }];
    });
  }
  if (type === undefined || type === 'any' || TYPES[type]?.(value)) return [];
  return wrong(type === 'integer' ? 'a whole number' : type === 'string' ? 'a text (quote it)' : `a ${type}`);
}
