import { invalid, required, type FieldError, type Path } from '../../../api/field.ts';
import type { ResourceQuota } from '../../../api/types.ts';
import { isStandardQuotaName } from './resource-names.ts';

type Spec = NonNullable<ResourceQuota['spec']>;

const COMPUTE = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const POD_SCOPES = ['Terminating', 'NotTerminating', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity'];
/** Scopes that need no values: the object either is in them or not. */
const EXISTS_ONLY = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

const isScope = (scope: string) => [...POD_SCOPES, 'BestEffort', 'VolumeAttributesClass'].includes(scope);

function appliesTo(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return resource === 'pods';
  if (scope === 'VolumeAttributesClass') return ['persistentvolumeclaims', 'requests.storage'].includes(resource);
  return POD_SCOPES.includes(scope) ? resource === 'pods' || COMPUTE.includes(resource) : true;
}
const misapplied = (spec: Spec, scope: string) =>
  Object.keys(spec.hard ?? {})
    .sort()
    .filter((name) => isStandardQuotaName(name) && !appliesTo(scope, name));
const conflicting = (scopes: readonly string[]) =>
  OPPOSITES.filter(([one, other]) => scopes.includes(one) && scopes.includes(other));

/** `spec.scopes` as the server prints it: nothing at all is null. */
const shown = (spec: Spec) => (spec.scopes?.length ? spec.scopes : null);

function plainScopes(spec: Spec, at: Path): FieldError[] {
  const scopes = spec.scopes ?? [];
  return [
    ...scopes.flatMap((scope) => [
      ...(isScope(scope) ? [] : [invalid(at, shown(spec), 'unsupported scope')]),
      ...misapplied(spec, scope).map(() => invalid(at, shown(spec), 'unsupported scope applied to resource')),
    ]),
    ...conflicting(scopes).map(() => invalid(at, shown(spec), 'conflicting scopes')),
  ];
}

type Requirement = NonNullable<NonNullable<Spec['scopeSelector']>['matchExpressions']>[number];

function operatorErrors({ scopeName, operator, values = [] }: Requirement, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (EXISTS_ONLY.includes(scopeName) && operator !== 'Exists') {
    errors.push(
      invalid(
        at.child('operator'),
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
          'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity',
      ),
    );
  }
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) {
      const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      errors.push(required(at.child('values'), detail));
    }
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      errors.push(invalid(at.child('values'), values, detail));
    }
  } else errors.push(invalid(at.child('operator'), operator, 'not a valid selector operator'));
  return errors;
}

function selectedScopes(spec: Spec, at: Path): FieldError[] {
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  // the server prints its internal type, whose fields have capitals
  const selector = {
    MatchExpressions: requirements.map(({ scopeName, operator, values }) => ({
      ScopeName: scopeName,
      Operator: operator,
      Values: values?.length ? values : null,
    })),
  };
  return [
    ...requirements.flatMap((requirement) => [
      ...(isScope(requirement.scopeName)
        ? []
        : [invalid(at.child('scopeName'), requirement.scopeName, 'unsupported scope')]),
      ...misapplied(spec, requirement.scopeName).map(() =>
        invalid(at, selector, 'unsupported scope applied to resource'),
      ),
      ...operatorErrors(requirement, at),
    ]),
    ...conflicting(requirements.map(({ scopeName }) => scopeName)).map(() =>
      invalid(at, shown(spec), 'conflicting scopes'),
    ),
  ];
}

export const scopeErrors = (spec: Spec, at: Path): FieldError[] => [
  ...plainScopes(spec, at.child('scopes')),
  ...selectedScopes(spec, at.child('scopeSelector', 'matchExpressions')),
];
