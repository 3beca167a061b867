/** The solved state with one thing in it otherwise: what breaks the task's demand, and what does it no harm. */
import type { KubeObject } from '#cluster/api/types.ts';
import { schemaNameOf, type FieldSchema } from '#cluster/schema/lookup.ts';
import type { ClusterState } from '#grader/types.ts';
import { alterations, shortened, turnedRound } from './alterations.ts';
import { written, type ObjectChange } from './changes.ts';
import { placesOf, same, valueAtSteps, type Place, type Step } from './places.ts';

/** What is done to an object: one of these is tried after the other, until the API takes one. */
export type Edit = { remove: true } | { make: KubeObject } | { put: { steps: readonly Step[]; value: unknown }[] };

export interface Mutant {
  /** `Deployment shop/web spec.replicas: 4`. */
  name: string;
  /** `Deployment shop/web spec.replicas`: what "harmless" in scenario.yaml is compared with. */
  at: string;
  breaks: boolean;
  resource: string;
  object: KubeObject;
  edits: Edit[];
  /** Of two others at the same place: where leaving it out changes nothing, the API has filled it in. */
  unlessFilledIn?: string;
}

export const objectText = ({ kind, metadata: { namespace, name } }: KubeObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** `others`: what further solutions ended in. Where they differ, the task leaves it open. */
export function mutantsOf(changes: readonly ObjectChange[], others: readonly ClusterState[]): Mutant[] {
  return changes.flatMap((change) => [...breaking(change, others), ...harmless(change)]);
}

function breaking({ resource, was, is }: ObjectChange, others: readonly ClusterState[]): Mutant[] {
  const object = is ?? was;
  if (!object) return [];
  const find = ({ resources }: ClusterState) =>
    (resources[resource] ?? []).find(
      ({ metadata }) => metadata.name === object.metadata.name && metadata.namespace === object.metadata.namespace,
    );
  const elsewhere = others.map(find);
  const text = objectText(object);
  const base = { at: text, breaks: true, resource, object };
  if (is === undefined) {
    const open = elsewhere.some((other) => other !== undefined);
    return open ? [] : [{ ...base, name: `${text} not deleted`, edits: [{ make: object }] }];
  }
  if (was === undefined && elsewhere.some((other) => other === undefined)) return [];
  const states = elsewhere.map((other) => other && written(resource, other));
  const mine = written(resource, is);
  const places = placesOf(was && written(resource, was), mine, schemaOf(is)).filter(({ steps, is: value }) =>
    states.every((other) => same(valueAtSteps(other, steps), value)),
  );
  const whole: Mutant =
    was === undefined
      ? { ...base, name: `${text} missing`, edits: [{ remove: true }] }
      : {
          ...base,
          name: `${text} as it was`,
          edits: [{ put: places.map(({ steps, was: value }) => ({ steps, value })) }],
        };
  const inside = places.flatMap((place) => fieldMutants(place, base, text));
  return places.length === 0 && was !== undefined ? [] : [whole, ...inside];
}

function fieldMutants(place: Place, base: Omit<Mutant, 'name' | 'edits'>, text: string): Mutant[] {
  const { path, steps, was } = place;
  const at = `${text} ${path}`;
  const put = (value: unknown): Edit => ({ put: [{ steps, value }] });
  const wasText = was === undefined ? 'left out' : `still ${JSON.stringify(was)}`;
  const leftOut = `${at} ${wasText}`;
  const mutants: Mutant[] = [{ ...base, at, name: leftOut, edits: [put(was)] }];
  const filledIn = was === undefined ? { unlessFilledIn: leftOut } : {};
  const other = alterations(place).filter((value) => !same(value, was));
  const [first] = other;
  if (first !== undefined)
    mutants.push({ ...base, ...filledIn, at, name: `${at}: ${JSON.stringify(first)}`, edits: other.map(put) });
  for (const value of shortened(place)) {
    if (same(value, was)) continue;
    mutants.push({ ...base, ...filledIn, at, name: `${at}: ${JSON.stringify(value)}`, edits: [put(value)] });
  }
  return mutants;
}

/** Extra labels and annotations, lists in another order. */
function harmless({ resource, is }: ObjectChange): Mutant[] {
  if (is === undefined) return [];
  const text = objectText(is);
  const base = { at: text, breaks: false, resource, object: is };
  const own = { field: 'metadata' };
  const mutants: Mutant[] = (['labels', 'annotations'] as const).map((field) => ({
    ...base,
    name: `${text} with another of its ${field}`,
    edits: [{ put: [{ steps: [own, { field }], value: { ...is.metadata[field], 'drydock.dev/extra': 'yes' } }] }],
  }));
  const fields = Object.entries(is).flatMap(([field, value]) => {
    const turned = field === 'metadata' || field === 'status' ? undefined : turnedRound(value);
    return turned === undefined ? [] : [{ steps: [{ field }], value: turned }];
  });
  if (fields.length > 0)
    mutants.push({ ...base, name: `${text} with its lists in another order`, edits: [{ put: fields }] });
  return mutants;
}

export function schemaOf({ apiVersion, kind }: KubeObject): FieldSchema | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const ref = schemaNameOf(group ?? '', version ?? '', kind);
  return ref === undefined ? undefined : { ref };
}
