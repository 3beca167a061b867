/** Which objects a list or watch is about: label and field selectors. */
import { matches, parseFieldSelector, parseLabelSelector } from '../api/selector.ts';
import { badRequest } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import type { Target } from '../registry/context.ts';
import { groupVersion } from '../schema/resources.ts';

export type Selects = (object: KubeObject) => boolean;

/** @throws StatusError for selectors that do not parse and fields that cannot be selected by */
export function selection(target: Target, name: string, query: URLSearchParams): Selects {
  const labelText = query.get('labelSelector') ?? '';
  const fieldText = query.get('fieldSelector') ?? '';
  const labels = labelText === '' ? undefined : parseLabelSelector(labelText);
  const fields = fieldText === '' ? [] : parseFieldSelector(fieldText);
  const fieldsOf = (object: KubeObject): Record<string, string> => ({
    'metadata.name': object.metadata.name,
    ...(target.info.namespaced ? { 'metadata.namespace': object.metadata.namespace ?? '' } : {}),
    ...target.kind.fields?.(object),
  });
  // an object without content still has all its selectable fields
  const known = fieldsOf({ apiVersion: groupVersion(target.info), kind: target.info.kind, metadata: { name: '' } });
  for (const { field } of fields) {
    if (field in known) continue;
    throw badRequest(
      target.kind.fields
        ? `field label not supported: ${field}`
        : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
  return (object) => {
    if (name !== '' && object.metadata.name !== name) return false;
    if (labels && !matches(labels, object.metadata.labels ?? {})) return false;
    if (fields.length === 0) return true;
    const values = fieldsOf(object);
    return fields.every(({ field, op, value }) => ((values[field] ?? '') === value) === (op === '='));
  };
}
