/**
 * Some refusals show a whole struct. The server prints its internal form then: field names as in Go, every field, in the
 * order of their declaration, null for what is not set.
 */
import type { Container, PodSpec, PodTemplateSpec, Taint } from '../../api/types.ts';
import facts from './internal-fields.json' with { type: 'json' };

/** Go's name, JSON's name, what stands where nothing is set ({}: the struct with nothing set), the name of a nested struct. */
type Field = [go: string, wire: string, empty: unknown, struct?: string];
const structs = facts as unknown as Readonly<Record<string, readonly Field[]>>;

/** Go prints maps by key. */
export const sortedMap = <T>(map: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

type Wire = Record<string, unknown>;
const isObject = (value: unknown): value is Wire => typeof value === 'object' && value !== null;

/** Maps of texts (labels, amounts) by key; selectors and the like keep the order of their structs. */
function withSortedMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedMaps);
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (entries.every(([, part]) => typeof part === 'string')) return sortedMap(value);
  return Object.fromEntries(entries.map(([key, part]) => [key, withSortedMaps(part)]));
}

/** `around`: where the fields of a pod's security context come from that the API keeps in the spec. */
export function shownStruct(value: Wire, name: string, around: Wire = {}): Wire {
  const result: Wire = {};
  for (const [go, wire, empty, struct] of structs[name] ?? []) {
    const given = value[wire] ?? around[wire];
    const inside = name === 'PodSpec' && go === 'SecurityContext' ? value : {};
    if (struct === undefined) result[go] = withSortedMaps(given ?? empty);
    else if (Array.isArray(given) && given.length === 0) result[go] = empty;
    else if (Array.isArray(given))
      result[go] = given.map((one: unknown) => shownStruct(isObject(one) ? one : {}, struct));
    else if (isObject(given)) result[go] = shownStruct(given, struct, inside);
    else result[go] = isObject(empty) ? shownStruct({}, struct) : empty;
  }
  return result;
}

export const shownSecurityContext = (context: NonNullable<Container['securityContext']>): Wire =>
  shownStruct({ ...context }, 'SecurityContext');

export const shownTaint = (taint: Taint): Wire => shownStruct({ ...taint }, 'Taint');

export const shownPodSpec = (spec: PodSpec): Wire => shownStruct({ ...spec }, 'PodSpec');

/** The metadata of a template keeps its outer names and is laid flat. */
export const shownPodTemplate = (template: PodTemplateSpec): Wire => ({
  ...template.metadata,
  Spec: shownPodSpec(template.spec ?? { containers: [] }),
});
