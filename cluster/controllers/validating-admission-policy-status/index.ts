/** Checks a policy's expressions against what the objects they are about are known to hold, and tells in its status. */
import { compileAdmission, variableType, type AdmissionNames } from '../../cel/admission.ts';
import { DYN, type GroupVersionKind, type Type } from '../../cel/index.ts';
import type { PolicySpec, Rule, ValidatingAdmissionPolicy } from '../../api/admission-registration.ts';
import type { Reader } from '../../store/client.ts';
import type { Controller } from '../controller.ts';
import { declaredType, kindOf } from './declared-types.ts';

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
/** Of one rule. */
const MOST_TYPES = 10;

/** Wildcards say nothing about types. */
function kindsOf(store: Reader, { apiGroups = [], apiVersions = [], resources = [] }: Rule): GroupVersionKind[] {
  if ([...apiGroups, ...apiVersions].some((one) => one.includes('*'))) return [];
  const plain = resources.filter((one) => !/[*/]/.test(one)).toSorted();
  return apiGroups
    .toSorted()
    .flatMap((group) =>
      apiVersions.toSorted().flatMap((version) => plain.flatMap((one) => kindOf(store, group, version, one) ?? [])),
    )
    .slice(0, MOST_TYPES);
}

const text = ({ group, version, kind }: GroupVersionKind): string => `${group}/${version}, Kind=${kind}`;

/** Kinds of all rules, each once, in the order of their names. */
function typesToCheck(store: Reader, { matchConstraints }: PolicySpec) {
  const kinds = new Map<string, GroupVersionKind>();
  for (const rule of matchConstraints?.resourceRules ?? []) {
    for (const kind of kindsOf(store, rule)) kinds.set(`${kind.group}\0${kind.version}\0${kind.kind}`, kind);
  }
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, kind]) => {
      const object = declaredType(store, kind);
      return object ? [{ kind, object }] : [];
    });
}

function paramsType(store: Reader, { paramKind }: PolicySpec): Type | undefined {
  if (!paramKind) return undefined;
  const { apiVersion = '', kind = '' } = paramKind;
  const slash = apiVersion.indexOf('/');
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  return declaredType(store, { group, version, kind });
}

/** The expressions' problems, a kind a line. */
function warningFor(store: Reader, spec: PolicySpec, expression: string): string {
  const params = paramsType(store, spec);
  return typesToCheck(store, spec)
    .flatMap(({ kind, object }) => {
      const variables = new Map<string, Type>();
      const names: AdmissionNames = {
        params: params !== undefined,
        authorizer: true,
        variables,
        object,
        ...(params ? { paramsType: params } : {}),
      };
      for (const { name = '', expression: definition = '' } of spec.variables ?? []) {
        const compiled = compileAdmission(definition, names, 'variable');
        variables.set(name, 'program' in compiled ? variableType(compiled.program.type) : DYN);
      }
      const compiled = compileAdmission(expression, names, 'variable');
      if (!('problem' in compiled)) return [];
      return [`${text(kind)}: ${compiled.problem.replace(/^compilation failed: /, '')}\n`];
    })
    .join('\n');
}

function check(store: Reader, spec: PolicySpec) {
  return (spec.validations ?? []).flatMap(({ expression = '', messageExpression = '' }, i) =>
    (['expression', 'messageExpression'] as const).flatMap((field) => {
      const source = field === 'expression' ? expression : messageExpression;
      const warning = source === '' ? '' : warningFor(store, spec, source);
      return warning === '' ? [] : [{ fieldRef: `spec.validations[${i}].${field}`, warning }];
    }),
  );
}

export const validatingAdmissionPolicyStatus: Controller = {
  name: 'validatingadmissionpolicy-status-controller',
  watches: { [POLICIES]: ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name]) },
  reconcile(name, { client }) {
    const policy = client.get<ValidatingAdmissionPolicy>(POLICIES, '', name);
    const { generation = 0 } = policy?.metadata ?? {};
    if (!policy || generation <= (policy.status?.observedGeneration ?? 0)) return;
    const expressionWarnings = check(client, policy.spec ?? {});
    const status: NonNullable<ValidatingAdmissionPolicy['status']> = {
      ...policy.status,
      observedGeneration: generation,
      typeChecking: expressionWarnings.length > 0 ? { expressionWarnings } : {},
    };
    client.updateStatus(POLICIES, { ...policy, status });
  },
};
