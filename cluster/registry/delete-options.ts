/** What a client may ask of a deletion. */
import { invalid, notSupported, path, type FieldError } from '../api/field.ts';
import { invalidError } from '../api/status.ts';
import type { DeleteOptions } from '../store/client.ts';

const PROPAGATIONS = ['Foreground', 'Background', 'Orphan'];

export const validateDryRun = (dryRun: readonly string[] | undefined): FieldError[] =>
  (dryRun ?? []).every((one) => one === 'All') ? [] : [notSupported(path('dryRun'), dryRun, ['All'])];

/** @throws StatusError Invalid */
export function checkDeleteOptions({ dryRun, orphanDependents, propagationPolicy }: DeleteOptions): void {
  const at = path('propagationPolicy');
  const errors: FieldError[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    errors.push(invalid(at, propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'));
  }
  if (propagationPolicy !== undefined && !PROPAGATIONS.includes(propagationPolicy)) {
    errors.push(notSupported(at, propagationPolicy, [...PROPAGATIONS, 'nil']));
  }
  errors.push(...validateDryRun(dryRun));
  if (errors.length > 0) throw invalidError({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
}
