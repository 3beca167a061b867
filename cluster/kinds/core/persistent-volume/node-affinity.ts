import { forbidden, invalid, required, type FieldError, type Path } from '../../../api/field.ts';
import { dns1123Subdomain, labelValue, qualifiedName } from '../../../api/names.ts';
import type { NodeSelectorTerm, PersistentVolume } from '../../../api/types.ts';

type Affinity = NonNullable<NonNullable<PersistentVolume['spec']>['nodeAffinity']>;
type Requirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];

function operatorErrors({ operator, values = [] }: Requirement, at: Path): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [required(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [forbidden(at.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [required(at.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(at.child('operator'), operator, 'not a valid selector operator')];
  }
}

const requirementErrors = (requirement: Requirement, at: Path): FieldError[] => [
  ...operatorErrors(requirement, at),
  ...qualifiedName(requirement.key).map((detail) => invalid(at.child('key'), requirement.key, detail)),
  ...(requirement.values ?? []).flatMap((value, position) =>
    labelValue(value).map((detail) => invalid(at.child('values').index(position), value, detail)),
  ),
];

/** Of a node's fields only its name can be asked for. */
function fieldErrors({ key, operator, values = [] }: Requirement, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(at.child('operator'), operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(at.child('values'), detail));
  }
  if (key !== 'metadata.name') return [...errors, invalid(at.child('key'), key, 'not a valid field selector key')];
  return [
    ...errors,
    ...values.flatMap((value, position) =>
      dns1123Subdomain(value).map((detail) => invalid(at.child('values').index(position), value, detail)),
    ),
  ];
}

export function nodeAffinityErrors(affinity: Affinity, at: Path): FieldError[] {
  if (!affinity.required) return [required(at.child('required'), 'must specify required node constraints')];
  const termsPath = at.child('required', 'nodeSelectorTerms');
  const terms = affinity.required.nodeSelectorTerms ?? [];
  if (terms.length === 0) return [required(termsPath, 'must have at least one node selector term')];
  return terms.flatMap((term, termIndex) => {
    const here = termsPath.index(termIndex);
    return [
      ...(term.matchExpressions ?? []).flatMap((requirement, position) =>
        requirementErrors(requirement, here.child('matchExpressions').index(position)),
      ),
      ...(term.matchFields ?? []).flatMap((requirement, position) =>
        fieldErrors(requirement, here.child('matchFields').index(position)),
      ),
    ];
  });
}

/** Labels that had another name while they were in beta may be renamed in an affinity that is fixed otherwise. */
const RENAMED: Record<string, string> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};
const current = (affinity: Affinity | undefined): string =>
  JSON.stringify(affinity ?? null, (key, value: unknown) =>
    key === 'key' && typeof value === 'string' ? (RENAMED[value] ?? value) : value,
  );
export const sameAffinity = (a: Affinity | undefined, b: Affinity | undefined): boolean => current(a) === current(b);
