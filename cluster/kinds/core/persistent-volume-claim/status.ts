import { invalid, notSupported, path, type FieldError, type Path } from '../../../api/field.ts';
import { qualifiedName } from '../../../api/names.ts';
import { quantity } from '../../../api/quantity.ts';
import type { PersistentVolumeClaim } from '../../../api/types.ts';

const RESIZE_STATES = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];
const at = path('status');

/** Of Kubernetes' own resources a claim has one. */
function keyErrors(name: string, here: Path): FieldError[] {
  const errors = qualifiedName(name).map((detail) => invalid(here, name, detail));
  const native = !name.includes('/') || name.includes('kubernetes.io/');
  return errors.length === 0 && native && name !== 'storage' ? [notSupported(here, name, ['storage'])] : errors;
}

function amountErrors(text: string, here: Path): FieldError[] {
  const amount = quantity(text).value();
  return amount < 0 ? [invalid(here, amount, 'must be a valid resource quantity')] : [];
}

export function statusErrors(status: PersistentVolumeClaim['status'] = {}): FieldError[] {
  const statuses = at.child('allocatedResourceStatuses');
  const allocated = at.child('allocatedResources');
  return [
    ...Object.entries(status.capacity ?? {}).flatMap(([name, text]) =>
      amountErrors(text, at.child('capacity').key(name)),
    ),
    ...Object.entries(status.allocatedResourceStatuses ?? {}).flatMap(([name, state]) => [
      ...keyErrors(name, statuses),
      // the value shown is the resource: so does the real server
      ...(RESIZE_STATES.includes(state) ? [] : [notSupported(statuses, name, RESIZE_STATES)]),
    ]),
    ...Object.entries(status.allocatedResources ?? {}).flatMap(([name, text]) => {
      const errors = keyErrors(name, allocated);
      return errors.length > 0 ? errors : amountErrors(text, allocated.key(name));
    }),
  ];
}
