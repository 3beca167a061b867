import { invalid, path, type FieldError } from '../../api/field.ts';
import type { Lease } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

function validate({ spec }: Lease): FieldError[] {
  const at = path('spec');
  const errors: FieldError[] = [];
  const seconds = spec?.leaseDurationSeconds;
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid(at.child('leaseDurationSeconds'), seconds, 'must be greater than 0'));
  }
  const transitions = spec?.leaseTransitions;
  if (transitions !== undefined && transitions < 0) {
    errors.push(invalid(at.child('leaseTransitions'), transitions, 'must be greater than or equal to 0'));
  }
  return errors;
}

/** Elections that are coordinated are off in 1.35. */
function dropCoordination(object: Lease, old?: Lease): void {
  if (old?.spec?.strategy === undefined) delete object.spec?.strategy;
  if (old?.spec?.preferredHolder === undefined) delete object.spec?.preferredHolder;
}

export const lease: Kind<Lease> = {
  resource: 'leases.coordination.k8s.io',
  createOnUpdate: true,
  unconditionalUpdate: false,
  prepareForCreate: (object) => dropCoordination(object),
  prepareForUpdate: dropCoordination,
  validate,
  validateUpdate: validate,
  cells: ({ metadata, spec }) => [metadata.name, spec?.holderIdentity ?? '', metadata.creationTimestamp ?? null],
};
