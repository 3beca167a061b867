/** Which of the names that a definition asks for it gets: those of its group that nobody else has. */
import type { Condition, CustomResourceDefinition, Names } from '../../schema/structural/custom-resource-definition.ts';

export interface Accepted {
  names: Names;
  condition: Omit<Condition, 'lastTransitionTime'>;
}

/** `others`: all definitions of the group, this one included. */
export function acceptNames(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): Accepted {
  const wanted = definition.spec.names;
  const accepted = definition.status?.acceptedNames ?? { plural: '', kind: '' };
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { status } of others) {
    const { plural = '', singular = '', shortNames = [], kind = '', listKind = '' } = status?.acceptedNames ?? {};
    for (const name of [plural, singular, ...shortNames]) resources.add(name);
    for (const name of [kind, listKind]) kinds.add(name);
  }
  const names: Names = { ...accepted };
  let conflict: { reason: string; message: string } | undefined;
  const inUse = (name: string) => `${JSON.stringify(name)} is already in use`;
  const take = (field: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string>, reason: string) => {
    const name = wanted[field] ?? '';
    if (name === (accepted[field] ?? '') || !used.has(name)) names[field] = name;
    else conflict = { reason, message: inUse(name) };
  };
  take('plural', resources, 'PluralConflict');
  take('singular', resources, 'SingularConflict');
  const mine = new Set(accepted.shortNames ?? []);
  const taken = (wanted.shortNames ?? []).filter((name) => !mine.has(name) && resources.has(name));
  if (taken.length > 0) {
    const sentences = [...new Set(taken.map(inUse))];
    const message = sentences.length === 1 ? (sentences[0] ?? '') : `[${sentences.join(', ')}]`;
    conflict = { reason: 'ShortNamesConflict', message };
  } else if (wanted.shortNames) names.shortNames = wanted.shortNames;
  else delete names.shortNames;
  take('kind', kinds, 'KindConflict');
  take('listKind', kinds, 'ListKindConflict');
  if (wanted.categories) names.categories = wanted.categories;
  else delete names.categories;
  const condition = conflict
    ? { type: 'NamesAccepted', status: 'False', ...conflict }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  return { names, condition };
}
