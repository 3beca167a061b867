/** Default values against the schema that gives them. */
import { invalid, type FieldError, type Path } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { goValue } from './go-value.ts';
import { readEmbedded, validateEmbedded } from './object-meta.ts';
import { prune } from './prune.ts';
import { atRoot, entriesOf, isEmbedded, itemsOf, type SchemaProps } from './schema-props.ts';
import { validateValue } from './validate-value.ts';

const META: ReadonlySet<string> = new Set(['metadata', 'apiVersion', 'kind']);

/** All problems of all defaults in a whole object's schema. */
export const defaultProblems = (schema: SchemaProps, at: Path): FieldError[] => check(atRoot(schema), at, false);

function check(schema: SchemaProps, at: Path, insideMeta: boolean): FieldError[] {
  const meta = isEmbedded(schema) ? false : insideMeta;
  const errors: FieldError[] = [];
  const value = schema.default;
  if (value !== undefined && value !== null) {
    const here = at.child('default');
    if (!meta) {
      const pruned = structuredClone(value);
      prune(pruned, schema, false);
      if (!equal(pruned, value)) errors.push(invalid(here, goValue(value), 'must not have unknown fields'));
    }
    const { refusal } = readEmbedded(structuredClone(value), schema);
    if (refusal) errors.push({ ...refusal, field: `${String(here)}.${refusal.field}` });
    else {
      const embedded = validateEmbedded(value, schema, here);
      errors.push(...(embedded.length > 0 ? embedded : validateValue(value, schema, { at: here })));
    }
  }
  const items = itemsOf(schema);
  if (items) errors.push(...check(items, at.child('items'), meta));
  for (const [name, part] of entriesOf(schema.properties)) {
    const inside = meta || (isEmbedded(schema) && META.has(name));
    errors.push(...check(part, at.child('properties').key(name), inside));
  }
  return errors;
}
