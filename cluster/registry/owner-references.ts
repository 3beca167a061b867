/** The same owner named twice is kept once. */
import { equal } from '../api/merge.ts';
import type { KubeObject, ObjectMeta } from '../api/types.ts';

type OwnerReference = NonNullable<ObjectMeta['ownerReferences']>[number];

const warning = (duplicates: readonly string[], when: string) =>
  `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${duplicates.join(', ')}`;

/** Changes the object. `afterAdmission`: where the sentence says that the duplicates came from. */
export function dedupOwnerReferences(
  object: KubeObject,
  warn: (sentence: string) => void,
  afterAdmission: boolean,
): void {
  const { metadata } = object;
  if ((metadata.ownerReferences ?? []).length < 2) return;
  const kept: OwnerReference[] = [];
  const duplicates: string[] = [];
  for (const reference of metadata.ownerReferences ?? []) {
    if (kept.some((other) => equal(other, reference))) duplicates.push(reference.uid);
    else kept.push(reference);
  }
  if (duplicates.length === 0) return;
  warn(warning(duplicates, afterAdmission ? ' after mutating admission happens' : ''));
  metadata.ownerReferences = kept;
}
