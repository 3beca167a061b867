/** Which objects a list or watch is about: label and field selectors. */
import { matches, type FieldRequirement } from '../api/selector.ts';
import { badRequest } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import type { Target } from '../registry/context.ts';
import { groupVersion } from '../schema/resources.ts';
import type { ListOptions } from './list-options.ts';

export type Selects = (object: KubeObject) => boolean;

/** Old names of fields, which clients of old still use. */
const ALIASES: Record<string, Record<string, string>> = { pods: { 'spec.host': 'spec.nodeName' } };

/** Fields that a selector may name though no object ever has a value there. */
const ALWAYS_EMPTY: Record<string, ReadonlySet<string>> = { pods: new Set(['status.podIPs']) };

/** How kinds refuse a field in words of their own. */
const REFUSALS: Record<string, (field: string) => string> = {
  'jobs.batch': (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  'resourceslices.resource.k8s.io': (field) =>
    `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
};

/** What a label of the version served is called in the stored form, and whether there is such a one. @throws StatusError */
function checkFields(target: Target, fields: readonly FieldRequirement[]): FieldRequirement[] {
  const { kind, info, name, served } = target;
  const names = served?.fields;
  if (names) {
    return fields.map((requirement) => {
      const field = Object.hasOwn(names, requirement.field) ? names[requirement.field] : undefined;
      if (field === undefined) throw badRequest(`field label not supported: ${requirement.field}`);
      return { ...requirement, field };
    });
  }
  const empty: KubeObject = { apiVersion: groupVersion(info), kind: info.kind, metadata: { name: '' } };
  // an object without content still has all its selectable fields
  const own = kind.fields?.(empty);
  return fields.map((requirement) => {
    const field = ALIASES[name]?.[requirement.field] ?? requirement.field;
    const known =
      field === 'metadata.name' ||
      (field === 'metadata.namespace' && (info.namespaced || !own)) ||
      (own !== undefined && Object.hasOwn(own, field)) ||
      ALWAYS_EMPTY[name]?.has(field) === true;
    if (known) return { ...requirement, field };
    throw badRequest(
      own
        ? (REFUSALS[name]?.(field) ?? `field label not supported: ${field}`)
        : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  });
}

/** The value that a selector demands of a field: `metadata.name=a`. */
export const demanded = (fields: readonly FieldRequirement[], field: string): string | undefined =>
  fields.find((one) => one.field === field && one.op === '=' && one.value !== '')?.value;

/**
 * `name` is that of the path: a watch of one object. @throws StatusError for fields that cannot be selected by, and for another name
 * than the path's
 */
export function selection(target: Target, name: string, options: Pick<ListOptions, 'labels' | 'fields'>): Selects {
  const { labels } = options;
  const fields = checkFields(target, options.fields);
  if (name !== '' && fields.length > 0 && demanded(fields, 'metadata.name') !== name) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  const valuesOf = (object: KubeObject): Record<string, string> => ({
    'metadata.name': object.metadata.name,
    'metadata.namespace': object.metadata.namespace ?? '',
    ...target.kind.fields?.(object),
  });
  return (object) => {
    if (name !== '' && object.metadata.name !== name) return false;
    if (labels.length > 0 && !matches(labels, object.metadata.labels ?? {})) return false;
    if (fields.length === 0) return true;
    const values = valuesOf(object);
    return fields.every(({ field, op, value }) => ((values[field] ?? '') === value) === (op === '='));
  };
}
