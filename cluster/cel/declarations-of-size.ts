/** How large what a schema declares can be: what estimates of cost count with. */
import { isEmbedded, itemsOf, own, valuesOf, type SchemaProps } from '../schema/structural/schema-props.ts';
import { unescapeName } from './escaping.ts';
import { withObjectMeta } from './json-values.ts';

/** Bytes of the largest request. */
const LARGEST_REQUEST = 3 * 1024 * 1024;
/** In a quoted text, a list or an object two of them are taken. */
const LARGEST_INSIDE = LARGEST_REQUEST - 2;

export interface Declared {
  /** Bytes of the shortest JSON. */
  shortest: number;
  /** Characters, items or entries there can be; 0 for what has none. */
  most: number;
  items?: Declared;
  keys?: Declared;
  field?(name: string): Declared | undefined;
}

const KEYS: Declared = { shortest: 2, most: 0 };
const scalar = (shortest: number, most = 0): Declared => ({ shortest, most });
const positive = (limit: number) => Math.max(limit, 0);

function text(schema: SchemaProps): Declared {
  const { maxLength, format } = schema;
  if (format === 'byte') return scalar(2, maxLength === undefined ? LARGEST_INSIDE : positive(maxLength));
  if (format === 'duration') return scalar(3, 32);
  if (format === 'date') return scalar(12, 12);
  if (format === 'date-time') return scalar(21, 32);
  // a character may take four bytes
  if (maxLength !== undefined) return scalar(2, positive(maxLength) * 4);
  if (!schema.enum?.length) return scalar(2, LARGEST_INSIDE);
  return scalar(2, Math.max(0, ...schema.enum.map((one) => (typeof one === 'string' ? Buffer.byteLength(one) : 0))));
}

function object(schema: SchemaProps): Declared {
  const made = new Map<string, Declared | undefined>();
  const property = (name: string) => {
    if (!made.has(name)) {
      const found = own(schema.properties, name);
      made.set(name, found && declared(found));
    }
    return made.get(name);
  };
  let shortest = 2;
  for (const name of new Set(schema.required)) {
    const found = property(name);
    if (found && (own(schema.properties, name)?.default ?? null) === null) {
      shortest += Buffer.byteLength(name) + found.shortest + 4;
    }
  }
  return {
    shortest,
    most: 0,
    field: (escaped) => {
      const name = unescapeName(escaped);
      return name === undefined ? undefined : property(name);
    },
  };
}

/** undefined: no expression can be about it. */
export function declared(schema: SchemaProps, isRoot = isEmbedded(schema)): Declared | undefined {
  if (schema['x-kubernetes-int-or-string']) {
    const { maxLength } = schema;
    return scalar(1, maxLength === undefined ? LARGEST_INSIDE : positive(maxLength) * 4);
  }
  switch (schema.type) {
    case 'array': {
      const inside = itemsOf(schema);
      const items = inside && declared(inside);
      if (!items) return undefined;
      const { maxItems } = schema;
      const most = maxItems === undefined ? Math.floor(LARGEST_INSIDE / (items.shortest + 1)) : positive(maxItems);
      return { shortest: 2, most, items };
    }
    case 'object': {
      const values = isRoot ? undefined : valuesOf(schema);
      if (!values) return object(isRoot ? withObjectMeta(schema) : schema);
      const items = declared(values);
      if (!items) return undefined;
      const { maxProperties } = schema;
      const most =
        maxProperties === undefined ? Math.floor(LARGEST_INSIDE / (items.shortest + 6)) : positive(maxProperties);
      return { shortest: 2, most, items, keys: KEYS };
    }
    case 'string':
      return text(schema);
    case 'boolean':
      return scalar(4);
    case 'number':
    case 'integer':
      return scalar(1);
    default:
      return undefined;
  }
}

/** How often values of that length fit into one request. */
export const mostOf = ({ shortest }: Declared): number => Math.floor(LARGEST_REQUEST / (shortest + 1));
