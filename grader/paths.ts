/** Paths into objects, as authors write them and learners read them: spec.taints[key=maintenance].effect, metadata.labels["a.b/c"]. */
import { childSchema, schema, type ValueSchema } from '#cluster/schema/lookup.ts';
import { nearest } from './near.ts';

type Step =
  | { kind: 'field'; name: string }
  | { kind: 'index'; at: number }
  /** The entry of a list whose field has this value. */
  | { kind: 'entry'; field: string; value: string };

const STEP = /\.?([A-Za-z_$][\w-]*)|\["([^"]+)"\]|\[(\d+)\]|\[([A-Za-z]\w*)=([^\]]+)\]/y;

/** undefined: not a path. */
export function parsePath(path: string): Step[] | undefined {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path);
    if (!found) return undefined;
    const [, plain, quoted, index, field, value] = found;
    const name = plain ?? quoted;
    if (name !== undefined) steps.push({ kind: 'field', name });
    else if (index !== undefined) steps.push({ kind: 'index', at: Number(index) });
    else steps.push({ kind: 'entry', field: field ?? '', value: value ?? '' });
  }
  return steps.length > 0 ? steps : undefined;
}

/** `path` grown by a field's name, quoted where it would be read as several. */
export function fieldPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w-]*$/.test(name)) return `${path}["${name}"]`;
  return path === '' ? name : `${path}.${name}`;
}

/** A path of keys and positions as text: `checks[0].points`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : fieldPath(text, String(step))),
    '',
  );

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** undefined when there is nothing at the path. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const step of parsePath(path) ?? []) {
    if (step.kind === 'field') value = isMap(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
    else if (!Array.isArray(value)) return undefined;
    else if (step.kind === 'index') value = value[step.at];
    else value = value.find((entry) => isMap(entry) && String(entry[step.field]) === step.value);
  }
  return value;
}

/** Why there can never be anything at the path in an object of this shape; undefined when there can. */
export function pathProblem(path: string, of: ValueSchema): string | undefined {
  const steps = parsePath(path);
  if (!steps) {
    return `${JSON.stringify(path)} is no path; write spec.unschedulable, spec.taints[key=maintenance] or metadata.labels["a.b/c"]`;
  }
  let here: ValueSchema = of;
  for (const step of steps) {
    // a custom resource: its fields are not known here
    if (here.type === 'any') return undefined;
    const fields = here.ref === undefined ? undefined : schema(here.ref).fields;
    if (step.kind !== 'field') {
      if (!here.items) return `${path}: ${JSON.stringify(stepText(step))} stands where there is no list`;
      here = here.items;
      if (step.kind === 'entry' && here.ref !== undefined && !childSchema(here, step.field))
        return unknownField(path, step.field, Object.keys(schema(here.ref).fields ?? {}));
      continue;
    }
    const child = childSchema(here, step.name);
    if (child) here = child;
    else if (here.items)
      return `${path}: ${JSON.stringify(step.name)} is a field of a list's entries; say which entry: [name=...] or [0]`;
    else if (fields || here.type !== undefined) return unknownField(path, step.name, Object.keys(fields ?? {}));
    else return undefined;
  }
  return undefined;
}

const stepText = (step: Step): string =>
  step.kind === 'index' ? `[${step.at}]` : step.kind === 'entry' ? `[${step.field}=${step.value}]` : step.name;

function unknownField(path: string, name: string, fields: readonly string[]): string {
  const meant = nearest(name, fields);
  return `${path}: unknown field ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`}`;
}
