/** Checks Kubernetes objects, whole or in part, against the facts of 1.35: fields, types, quantities. */
import { parseQuantity } from '#cluster/api/quantity.ts';
import { schema, schemaNameOf, type ValueSchema } from '#cluster/schema/lookup.ts';
import { groupVersion, resourceName, resources, type ResourceInfo } from '#cluster/schema/resources.ts';
import { nearest } from './near.ts';
import { isMap, pathText } from './paths.ts';
import { shown } from './show.ts';

export interface ManifestProblem {
  path: (string | number)[];
  message: string;
}

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
export const isQuantity = (of: ValueSchema | undefined): boolean => of?.ref === QUANTITY;

/**
 * The resource of a kind; with several API groups the first, unless `apiVersion` says which. A kind of a group that is none of
 * Kubernetes' own is a custom resource.
 */
export function resourceOf(kind: string, apiVersion?: string): ResourceInfo | undefined {
  const found = resources.filter((info) => info.kind === kind);
  if (apiVersion === undefined) return found[0];
  return found.find((info) => groupVersion(info) === apiVersion) ?? customResource(kind, apiVersion);
}

/** Its definition is in the cluster, so neither its plural nor its fields are known here. kubectl takes this name for it: `backup.v1.example.com`. */
function customResource(kind: string, apiVersion: string): ResourceInfo | undefined {
  const [group = '', version = ''] = apiVersion.split('/');
  if (!group.includes('.') || version === '' || resources.some((info) => info.group === group)) return undefined;
  const singular = kind.toLowerCase();
  return {
    group,
    version,
    kind,
    singular,
    resource: `${singular}.${version}`,
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: [],
    subresources: [],
  };
}

export const isCustom = (info: ResourceInfo): boolean => !resources.includes(info);

export const schemaOf = (info: ResourceInfo): ValueSchema => {
  if (isCustom(info)) return { type: 'any' };
  const ref = schemaNameOf(info.group, info.version, info.kind);
  if (ref === undefined) throw new Error(`no schema for ${resourceName(info)}`);
  return { ref };
};

/** Says which kinds there are when one is unknown: also for those who wrote `pvc` or `deployments`. */
export function unknownKind(kind: string, apiVersion?: string): string {
  const inOther = resources.filter((info) => info.kind === kind);
  if (inOther.length > 0 && apiVersion !== undefined) {
    return `kind ${JSON.stringify(kind)} is not in apiVersion ${JSON.stringify(apiVersion)} but in ${inOther.map(groupVersion).join(', ')}`;
  }
  const lower = kind.toLowerCase();
  const byName = resources.find(
    (info) => info.kind.toLowerCase() === lower || info.resource === lower || info.shortNames.includes(lower),
  );
  const meant = byName?.kind ?? nearest(kind, [...new Set(resources.map((info) => info.kind))]);
  const custom = apiVersion === undefined ? '; a custom resource needs its apiVersion' : '';
  return `unknown kind ${JSON.stringify(kind)}${meant === undefined ? custom : `; did you mean ${JSON.stringify(meant)}?`}`;
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  object: isMap,
  'int-or-string': (value) => typeof value === 'string' || Number.isInteger(value),
};

const NOUNS: Record<string, string> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  'int-or-string': 'a whole number or a text',
};

/** The unit that was meant by GB, mb, MiB: what people write elsewhere. */
function quantityMeant(value: unknown): string {
  const found = typeof value === 'string' ? /^([0-9.]+) ?([kmgt])i?b?$/i.exec(value) : null;
  if (!found) return '';
  const [, number = '', unit = ''] = found;
  return `; did you mean ${JSON.stringify(`${number}${unit.toUpperCase()}i`)}?`;
}

/** All problems of a value that stands where the facts say `of`. */
export function checkValue(value: unknown, of: ValueSchema, path: (string | number)[] = []): ManifestProblem[] {
  const where = path.length === 0 ? '' : `${pathText(path)}: `;
  const wrong = (expected: string, cure = ''): ManifestProblem[] => [
    { path, message: `${where}expected ${expected}, found ${shown(value)}${cure}` },
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
    return readable ? [] : wrong('a quantity such as 500m, 1, 256Mi or 2Gi', quantityMeant(value));
  }
  const { type, fields } = of.ref === undefined ? { type: of.type, fields: undefined } : schema(of.ref);
  if (fields) {
    if (!isMap(value)) return wrong('a map');
    return Object.entries(value).flatMap(([key, inner]) => {
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (field) return checkValue(inner, field, [...path, key]);
      const meant = nearest(key, Object.keys(fields));
      const cure = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
      const parent = path.length === 0 ? '' : ` in ${pathText(path)}`;
      return [{ path: [...path, key], message: `unknown field ${JSON.stringify(key)}${parent}${cure}` }];
    });
  }
  if (type === undefined || type === 'any' || TYPES[type]?.(value)) return [];
  return wrong(NOUNS[type] ?? type, type === 'string' && typeof value !== 'object' ? '; quote it' : '');
}
