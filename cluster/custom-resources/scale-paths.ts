/** Where a custom resource keeps its numbers of replicas. */
import { invalid, Path, type FieldError } from '../api/field.ts';
import { goTypeOf } from '../api/patch/go-text.ts';
import type { Json, JsonObject } from '../api/types.ts';
import type { ScalePaths } from '../schema/structural/custom-resource-definition.ts';
import { goFloat } from '../schema/structural/go-value.ts';
import { goJson, isMap } from '../schema/structural/schema-props.ts';

export const fieldsOf = (path: string): string[] => path.replace(/^\./, '').split('.');

/** The largest int32. */
const MAX = 2 ** 31 - 1;

const shown = (value: Json): string =>
  typeof value === 'object' ? goJson(value) : typeof value === 'number' ? goFloat(value) : String(value);

const goType = (value: Json): string =>
  Array.isArray(value) ? '[]interface {}' : isMap(value) ? 'map[string]interface {}' : goTypeOf(value);

/** A value of the type wanted, undefined when there is none, or why there cannot be one, in Go's words. */
export function nested<T extends 'int64' | 'string'>(
  object: JsonObject,
  path: string,
  type: T,
): { value: (T extends 'string' ? string : number) | undefined } | { problem: string } {
  const fields = fieldsOf(path);
  let value: Json | undefined = object;
  for (const [i, field] of fields.entries()) {
    if (value === null) return { value: undefined };
    if (!isMap(value)) {
      const where = `.${fields.slice(0, i + 1).join('.')}`;
      return {
        problem: `${where} accessor error: ${shown(value)} is of the type ${goType(value)}, expected map[string]interface{}`,
      };
    }
    if (!Object.hasOwn(value, field)) return { value: undefined };
    value = value[field] ?? null;
  }
  const fits = type === 'string' ? typeof value === 'string' : typeof value === 'number' && Number.isInteger(value);
  if (!fits) {
    return {
      problem: `.${fields.join('.')} accessor error: ${shown(value)} is of the type ${goType(value)}, expected ${type}`,
    };
  }
  return { value: value as never };
}

function replicasProblems(object: JsonObject, path: string): FieldError[] {
  const found = nested(object, path, 'int64');
  const say = (value: number, what: string) => [invalid(new Path(path), value, what)];
  if ('problem' in found) return say(0, found.problem);
  const { value = 0 } = found;
  if (value < 0) return say(value, 'should be a non-negative integer');
  return value > MAX ? say(value, `should be less than or equal to ${MAX}`) : [];
}

/** `withSpec`: not only the status is written. */
export function scaleProblems(object: JsonObject, scale: ScalePaths | undefined, withSpec: boolean): FieldError[] {
  if (!scale) return [];
  const errors = [
    ...(withSpec ? replicasProblems(object, scale.specReplicasPath) : []),
    ...replicasProblems(object, scale.statusReplicasPath),
  ];
  if (scale.labelSelectorPath !== undefined) {
    const found = nested(object, scale.labelSelectorPath, 'string');
    if ('problem' in found) errors.push(invalid(new Path(scale.labelSelectorPath), '', found.problem));
  }
  return errors;
}
