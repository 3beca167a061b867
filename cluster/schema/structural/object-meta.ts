/** Metadata inside custom resources: read as Go reads ObjectMeta, and checked where a field holds a whole object. */
import { invalid, Path, required, type FieldError } from '../../api/field.ts';
import { dns1035Label, validateObjectMeta } from '../../api/names.ts';
import type { Json, JsonObject, ObjectMeta } from '../../api/types.ts';
import { DecodeError, decodeValue } from '../decode.ts';
import { goValue } from './go-value.ts';
import { entriesOf, isEmbedded, isMap, itemsOf, own, valuesOf, type SchemaProps } from './schema-props.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const unknownName = (problem: string): string => JSON.parse(problem.slice('unknown field '.length)) as string;

/** Metadata as stored, and the paths of what it cannot hold. @throws DecodeError */
export function readObjectMeta(metadata: Json, at: string): { meta: JsonObject; unknown: string[] } {
  const { value, problems } = decodeValue(metadata, META);
  // Go prints a time that is not set as null, but a custom resource leaves it out
  if (value['creationTimestamp'] === null) delete value['creationTimestamp'];
  return { meta: value, unknown: problems.map((problem) => `${at}.${unknownName(problem)}`) };
}

/**
 * Reads the metadata of all embedded objects in `value`, which changes. Returns the paths of unknown fields, or the refusal of
 * what cannot be read.
 */
export function readEmbedded(
  value: Json,
  schema: SchemaProps | undefined,
  at = '',
): { unknown: string[]; refusal?: FieldError } {
  if (!schema) return { unknown: [] };
  const unknown: string[] = [];
  const take = (part: Json, of: SchemaProps | undefined, path: string) => {
    const inside = readEmbedded(part, of, path);
    unknown.push(...inside.unknown);
    return inside.refusal;
  };
  const under = (key: string) => (at === '' ? key : `${at}.${key}`);
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      const refusal = take(item, itemsOf(schema), `${at}[${i}]`);
      if (refusal) return { unknown, refusal };
    }
    return { unknown };
  }
  if (!isMap(value)) return { unknown };
  for (const [key, part] of entriesOf(value)) {
    if (isEmbedded(schema) && (key === 'apiVersion' || key === 'kind') && typeof part !== 'string')
      return { unknown, refusal: invalid(new Path(under(key)), goValue(part), 'must be a string') };
    if (isEmbedded(schema) && key === 'metadata') {
      try {
        const read = readObjectMeta(part, under('metadata'));
        unknown.push(...read.unknown);
        value[key] = read.meta;
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        return { unknown, refusal: invalid(new Path(under(key)), goValue(part), error.message) };
      }
    }
    const field = own(schema.properties, key);
    const refusal = field ? take(value[key] ?? null, field, under(key)) : take(part, valuesOf(schema), `${at}[${key}]`);
    if (refusal) return { unknown, refusal };
  }
  return { unknown };
}

/** All problems of embedded objects: what they are, and their metadata. */
export function validateEmbedded(value: Json, schema: SchemaProps | undefined, at?: Path): FieldError[] {
  if (!schema) return [];
  const here = (key: string) => (at ? at.child(key) : new Path(key));
  if (Array.isArray(value))
    return value.flatMap((item, i) => validateEmbedded(item, itemsOf(schema), (at ?? new Path('')).index(i)));
  if (!isMap(value)) return [];
  const itself = isEmbedded(schema) ? validateIdentity(value, here) : [];
  const inside = entriesOf(value).flatMap(([key, part]) => {
    const field = own(schema.properties, key);
    return field
      ? validateEmbedded(part, field, here(key))
      : validateEmbedded(part, valuesOf(schema), (at ?? new Path('')).key(key));
  });
  return [...itself, ...inside];
}

function validateIdentity(value: JsonObject, here: (key: string) => Path): FieldError[] {
  const errors: FieldError[] = [];
  const { apiVersion, kind, metadata } = value;
  if (apiVersion === undefined) errors.push(required(here('apiVersion')));
  if (kind === undefined) errors.push(required(here('kind')));
  if (apiVersion !== undefined) {
    const at = here('apiVersion');
    if (typeof apiVersion !== 'string') errors.push(invalid(at, goValue(apiVersion), 'must be a string'));
    else if (apiVersion === '') errors.push(invalid(at, apiVersion, 'must not be empty'));
    else if (apiVersion.split('/').length > 2)
      errors.push(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  }
  if (kind !== undefined) {
    const at = here('kind');
    if (typeof kind !== 'string') errors.push(invalid(at, goValue(kind), 'must be a string'));
    else if (kind === '') errors.push(invalid(at, kind, 'must not be empty'));
    else {
      const problems = dns1035Label(kind.toLowerCase());
      if (problems.length > 0)
        errors.push(invalid(at, kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`));
    }
  }
  if (metadata !== undefined) {
    try {
      const meta = readObjectMeta(metadata, '').meta as unknown as ObjectMeta;
      const named = { ...meta, name: meta.name || 'fakename' };
      errors.push(
        ...validateObjectMeta(
          named,
          { namespaced: Boolean(meta.namespace), nameFormat: 'pathSegment' },
          here('metadata'),
        ),
      );
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      errors.push(invalid(here('metadata'), goValue(metadata), error.message));
    }
  }
  return errors;
}
