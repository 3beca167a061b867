/** The names that expressions of admission policies and webhooks may use, and what they have to evaluate to. */
import { compile, compileProblem, type Program } from './index.ts';
import { AUTHORIZER, RESOURCE_CHECK } from './library/authorizers.ts';
import {
  BOOL,
  DYN,
  INT,
  listType,
  mapType,
  NULL,
  sameType,
  STRING,
  structType,
  TIMESTAMP,
  typeText,
  type Type,
} from './types.ts';

const object = (name: string, fields: Record<string, Type>): Type =>
  structType(`kubernetes.${name}`, { get: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined) });

const KIND = object('GroupVersionKind', { group: STRING, version: STRING, kind: STRING });
const RESOURCE = object('GroupVersionResource', { group: STRING, version: STRING, resource: STRING });
const USER = object('UserInfo', {
  username: STRING,
  uid: STRING,
  groups: listType(STRING),
  extra: mapType(STRING, listType(STRING)),
});
const REQUEST = object('AdmissionRequest', {
  kind: KIND,
  resource: RESOURCE,
  subResource: STRING,
  requestKind: KIND,
  requestResource: RESOURCE,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo: USER,
  dryRun: BOOL,
  options: DYN,
});
const NAMESPACE = object('Namespace', {
  metadata: object('NamespaceMetadata', {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: mapType(STRING, STRING),
    annotations: mapType(STRING, STRING),
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: listType(STRING),
  }),
  spec: object('NamespaceSpec', { finalizers: listType(STRING) }),
  status: object('NamespaceStatus', {
    conditions: listType(
      object('NamespaceCondition', {
        status: STRING,
        type: STRING,
        lastTransitionTime: TIMESTAMP,
        message: STRING,
        reason: STRING,
      }),
    ),
    phase: STRING,
  }),
});

export interface AdmissionNames {
  params: boolean;
  authorizer: boolean;
  /** Those defined so far: an expression may use the ones above it. */
  variables?: ReadonlyMap<string, Type>;
  /** What the objects are known to be, for type checking; anything, when an expression is run. */
  object?: Type;
  paramsType?: Type;
}

/** What a variable's type is for those that use it: of objects nothing is kept. */
export function variableType(type: Type): Type {
  if (type.kind === 'list' || type.kind === 'map') return { ...type, of: type.of.map(variableType) };
  return ['struct', 'opaque', 'type', 'param'].includes(type.kind) ? DYN : type;
}

export const RETURNS = {
  condition: [BOOL],
  message: [STRING],
  annotation: [STRING, NULL],
  variable: undefined,
} as const;

export type AdmissionCompiled = { program: Program } | { problem: string };

const KEPT = 512;
const kept = new Map<string, AdmissionCompiled>();

/** `problem` is the whole detail of a validation error. */
export function compileAdmission(
  expression: string,
  names: AdmissionNames,
  returns: keyof typeof RETURNS,
): AdmissionCompiled {
  const { params, authorizer, variables } = names;
  const declared = variables ? [...variables].map(([name, type]) => `${name}:${typeText(type)}`).join(',') : '-';
  const typed = names.object !== undefined || names.paramsType !== undefined;
  const key = `${returns}|${params}|${authorizer}|${declared}|${expression}`;
  const known = typed ? undefined : kept.get(key);
  if (known) return known;
  const made = compileNow(expression, names, RETURNS[returns]);
  if (!typed) {
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value ?? '');
    kept.set(key, made);
  }
  return made;
}

function compileNow(
  expression: string,
  names: AdmissionNames,
  returns: readonly Type[] | undefined,
): AdmissionCompiled {
  const { params, authorizer, variables } = names;
  const objectType = names.object ?? DYN;
  const compiled = compile(expression, {
    object: objectType,
    oldObject: objectType,
    namespaceObject: NAMESPACE,
    request: REQUEST,
    ...(params ? { params: names.paramsType ?? DYN } : {}),
    ...(authorizer ? { authorizer: AUTHORIZER, 'authorizer.requestResource': RESOURCE_CHECK } : {}),
    ...(variables ? { variables: structType('kubernetes.variables', variables) } : {}),
  });
  if ('error' in compiled) return { problem: compileProblem(compiled) };
  const { type } = compiled.program;
  if (!returns || returns.some((one) => sameType(one, type))) return compiled;
  const [only] = returns;
  const wanted = returns.length === 1 && only ? typeText(only) : `one of [${returns.map(typeText).join(' ')}]`;
  return { problem: `must evaluate to ${wanted} but got ${typeText(type)}` };
}
