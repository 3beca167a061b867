/** What is special about a custom resource, worked out from its definition. */
import { invalid, path, Path, type FieldError } from '../api/field.ts';
import { qualifiedName } from '../api/names.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import type { Kind } from '../kinds/kind.ts';
import { resourceName, type ResourceInfo } from '../schema/resources.ts';
import { Correlation } from '../schema/structural/correlation.ts';
import type { DefinitionVersion } from '../schema/structural/custom-resource-definition.ts';
import { applyDefaults } from '../schema/structural/default.ts';
import { validateListTypes } from '../schema/structural/list-types.ts';
import { validateEmbedded } from '../schema/structural/object-meta.ts';
import type { SchemaProps } from '../schema/structural/schema-props.ts';
import { validateValue } from '../schema/structural/validate-value.ts';
import type { Columns } from './columns.ts';
import { findAll, parseJsonPath, printed } from './json-path.ts';
import { rulesOf } from './rules.ts';
import { scaleProblems } from './scale-paths.ts';

export interface KindParts {
  info: ResourceInfo;
  schema: SchemaProps | undefined;
  columns: Columns;
  version: DefinitionVersion;
}

type CustomObject = KubeObject & { status?: Json };
const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;

/** Rules are not looked at in an object that is not what they were written for. */
const BLOCKING: ReadonlySet<string> = new Set([
  'Unsupported value',
  'Required value',
  'Too long',
  'Too many',
  'Type invalid',
]);
const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

function finalizerWarnings(finalizer: string): string[] {
  const say = (what: string) => `metadata.finalizers: ${JSON.stringify(finalizer)}: ${what}`;
  const warnings = qualifiedName(finalizer).map(say);
  if (finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)) return warnings;
  const longer = finalizer.includes('.') ? ' including a path (/)' : '';
  return [
    ...warnings,
    say(`prefer a domain-qualified finalizer name${longer} to avoid accidental conflicts with other finalizer writers`),
  ];
}

export function kindOf({ info, schema, columns, version }: KindParts): Kind {
  const rules = rulesOf(schema);
  const status = version.subresources?.status !== undefined;
  const scale = version.subresources?.scale;
  const statusSchema = schema?.properties?.['status'];
  const selectable = (version.selectableFields ?? []).flatMap(({ jsonPath }) => {
    const parsed = parseJsonPath(jsonPath);
    return parsed ? [{ name: jsonPath.replace(/^\./, ''), parsed }] : [];
  });

  const withRules = (errors: FieldError[], object: Json, old: Json | undefined): FieldError[] => {
    if (!rules) return errors;
    if (errors.some(({ type }) => BLOCKING.has(type))) return [...errors, invalid(path(), null, NOT_CHECKED)];
    return [...errors, ...rules(object, old, () => undefined)];
  };

  const kind: Kind<CustomObject> = {
    resource: resourceName(info),
    hasGeneration: true,
    anyFinalizer: true,
    createOnUpdate: false,
    unconditionalUpdate: false,
    defaults: (object) => applyDefaults(asJson(object), schema),
    ...(status
      ? {
          prepareForCreate(object) {
            delete object.status;
          },
        }
      : {}),
    validate(object) {
      const value = asJson(object);
      const errors = [
        ...validateValue(value, schema),
        ...scaleProblems(value, scale, true),
        ...validateEmbedded(value, schema),
        ...validateListTypes(value, schema),
      ];
      return withRules(errors, value, undefined);
    },
    validateUpdate(object, before) {
      const [value, old] = [asJson(object), asJson(before)];
      const errors = [
        ...validateValue(value, schema, { old: new Correlation(value, old, schema) }),
        ...scaleProblems(value, scale, true),
        ...validateEmbedded(value, schema),
      ];
      if (validateListTypes(old, schema).length === 0) errors.push(...validateListTypes(value, schema));
      return withRules(errors, value, old);
    },
    validateStatusUpdate(object, before) {
      const [value, old] = [asJson(object), asJson(before)];
      const correlation = new Correlation(value, old, schema).key('status');
      const errors = [
        ...(value['status'] === undefined
          ? []
          : validateValue(value['status'], statusSchema, { at: new Path('status'), old: correlation })),
        ...scaleProblems(value, scale, false),
      ];
      if (validateListTypes(old, schema).length === 0) errors.push(...validateListTypes(value, schema));
      return withRules(errors, value, old);
    },
    warnings(object, old) {
      const before = new Set(old?.metadata.finalizers ?? []);
      const added = new Set((object.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer)));
      const warnings = [...added].sort().flatMap(finalizerWarnings);
      // broken before and not touched: told, not refused
      if (old && rules) rules(asJson(object), asJson(old), (sentence) => warnings.push(sentence));
      return warnings;
    },
    fields: (object) =>
      Object.fromEntries(
        selectable.map(({ name, parsed }) => {
          const value = findAll(parsed, asJson(object))[0] ?? null;
          return [name, value === null ? '' : printed(value)];
        }),
      ),
    cells: (object, { clock }) => columns.cells(object, clock.now()),
  };
  return kind;
}
