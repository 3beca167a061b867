/** Runs expressions about a request: what they may name, what they may cost, and how their failures are told. */
import { authorize } from '../access/authorizer.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import { compileAdmission, variableType, type AdmissionCompiled, type AdmissionNames } from '../cel/admission.ts';
import { dynValue, DYN, evaluate, PER_CALL_LIMIT, RUNTIME_BUDGET, type Type, type Value } from '../cel/index.ts';
import { authorizerValue, resourceCheckValue, type Authorizer } from '../cel/library/authorizers.ts';
import { CelError, type MapValue } from '../cel/values.ts';
import type { MatchCondition, Variable } from '../api/admission-registration.ts';
import type { Reader } from '../store/client.ts';
import type { AdmissionRequest, UserInfo } from './plugin.ts';
import type { Attributes } from './request-attributes.ts';
import type { Match } from './match-rules.ts';

const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';
/** All match conditions of one webhook or policy together. */
const MATCH_CONDITIONS_BUDGET = RUNTIME_BUDGET / 4;

/** The expressions together cost too much. */
export class OutOfBudget extends Error {
  constructor() {
    super(OUT_OF_BUDGET);
  }
}

const OPERATION_OPTIONS: Record<string, string> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
};

function requestValue(request: AdmissionRequest, attributes: Attributes, match: Match): Json {
  const { user, dryRun, options } = request;
  const { subresource, name, namespace } = attributes;
  const optionsValue = { ...options } as unknown as JsonObject;
  const optionsKind = OPERATION_OPTIONS[request.operation];
  return {
    uid: '',
    kind: { ...match.kind },
    resource: { ...match.resource },
    ...(subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource }),
    requestKind: { ...attributes.kind },
    requestResource: { ...attributes.resource },
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation: request.operation,
    userInfo: {
      username: user.username,
      ...(user.uid ? { uid: user.uid } : {}),
      ...(user.groups.length > 0 ? { groups: user.groups } : {}),
      ...(user.extra ? { extra: user.extra } : {}),
    },
    object: null,
    oldObject: null,
    dryRun,
    options: optionsKind
      ? { kind: optionsKind, apiVersion: 'meta.k8s.io/v1', ...optionsValue }
      : (request.object as unknown as Json),
  };
}

/** The parts of a namespace that expressions are shown. */
function namespaceValue(namespace: KubeObject | undefined): Json {
  if (!namespace) return null;
  const { metadata, spec, status } = namespace as KubeObject & { spec?: Json; status?: Json };
  const { ownerReferences: _owners, managedFields: _fields, ...shown } = metadata;
  return { metadata: shown as unknown as Json, spec: spec ?? {}, status: status ?? {} };
}

function authorizerFor(store: Reader, user: UserInfo): Authorizer {
  return {
    resource: (question) => authorize(store, user, question),
    path: (path, verb) => authorize(store, user, { path, verb }),
    serviceAccount: (namespace, name) =>
      authorizerFor(store, {
        username: `system:serviceaccount:${namespace}:${name}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
      }),
  };
}

/** Everything about one request that does not depend on who asks. */
export interface Subject {
  request: AdmissionRequest;
  attributes: Attributes;
  match: Match;
  store: Reader;
  /** null: the policy has parameters, the binding none. undefined: the policy has none. */
  params?: KubeObject | null;
}

export interface CompiledVariable {
  name: string;
  compiled: AdmissionCompiled;
}

/** Each may use those before it. */
export function compileVariables(variables: readonly Variable[], names: AdmissionNames) {
  const types = new Map<string, Type>();
  const compiled = variables.map(({ name = '', expression = '' }): CompiledVariable => {
    const one = compileAdmission(expression, { ...names, variables: new Map(types) }, 'variable');
    types.set(name, 'program' in one ? variableType(one.program.type) : DYN);
    return { name, compiled: one };
  });
  return { compiled, types };
}

export type Result = { value: Value } | { error: string };

/** One run over a request: values are made when they are first asked for, variables once a run. */
export class Evaluation {
  #budget: number;
  readonly #variables: (name: string) => Value | undefined;
  constructor(subject: Subject, variables: readonly CompiledVariable[], authorizer: boolean, budget = RUNTIME_BUDGET) {
    const { request, attributes, match, store, params } = subject;
    this.#budget = budget;
    const { namespace, resource, subresource, name } = attributes;
    const isNamespace = attributes.kind.group === '' && attributes.kind.kind === 'Namespace';
    const asked = authorizerFor(store, request.user);
    const made = new Map<string, Value>();
    const make: Record<string, () => Value> = {
      object: () => dynValue((request.object ?? null) as unknown as Json),
      oldObject: () => dynValue((request.old ?? null) as unknown as Json),
      request: () => dynValue(requestValue(request, attributes, match)),
      namespaceObject: () =>
        dynValue(namespaceValue(isNamespace ? undefined : store.get<KubeObject>('namespaces', '', namespace))),
      ...(params === undefined ? {} : { params: () => dynValue(params as unknown as Json) }),
      ...(authorizer
        ? {
            authorizer: () => authorizerValue(asked),
            'authorizer.requestResource': () =>
              resourceCheckValue(asked, {
                group: resource.group,
                resource: resource.resource,
                subresource,
                namespace: isNamespace && request.operation === 'CREATE' ? name : namespace,
                name,
              }),
          }
        : {}),
      variables: () => this.#variablesValue(variables),
    };
    this.#variables = (asking) => {
      if (!Object.hasOwn(make, asking)) return undefined;
      const known = made.get(asking);
      if (known !== undefined) return known;
      const value = make[asking]?.() ?? null;
      made.set(asking, value);
      return value;
    };
  }

  #variablesValue(variables: readonly CompiledVariable[]): MapValue {
    const byName = new Map(variables.map((one) => [one.name, one.compiled]));
    const made = new Map<string, Value>();
    return {
      isMap: true,
      size: byName.size,
      keys: () => [...byName.keys()],
      find: (key) => {
        if (typeof key !== 'string') return undefined;
        const compiled = byName.get(key);
        if (!compiled) return undefined;
        let value = made.get(key);
        if (value === undefined) {
          value = this.#variable(key, compiled);
          made.set(key, value);
        }
        return value;
      },
    };
  }

  #variable(name: string, compiled: AdmissionCompiled): Value {
    const quoted = JSON.stringify(name);
    if ('problem' in compiled) {
      return new CelError(`composited variable ${quoted} fails to compile: ${compiled.problem}`);
    }
    const result = evaluate(compiled.program, this.#variables);
    this.#budget -= result.cost;
    return 'error' in result
      ? new CelError(`composited variable ${quoted} fails to evaluate: ${result.error}`)
      : result.value;
  }

  /** @throws OutOfBudget */
  run(expression: string, compiled: AdmissionCompiled): Result {
    if ('problem' in compiled) return { error: `compilation error: ${compiled.problem}` };
    const result = evaluate(compiled.program, this.#variables, PER_CALL_LIMIT);
    this.#budget -= result.cost;
    if (this.#budget < 0) throw new OutOfBudget();
    if ('value' in result) return result;
    return { error: `expression '${expression}' resulted in error: ${result.error}` };
  }
}

/** `skip`: one of them says no, or failed where failures are ignored. `error`: the failure decides. */
export function matchConditionsMeet(
  conditions: readonly MatchCondition[],
  failurePolicy: string | undefined,
  subject: Subject,
): 'met' | 'skip' | { error: string } {
  if (conditions.length === 0) return 'met';
  const names = { params: subject.params !== undefined, authorizer: true };
  const evaluation = new Evaluation({ ...subject }, [], true, MATCH_CONDITIONS_BUDGET);
  const errors: string[] = [];
  try {
    for (const { expression = '' } of conditions) {
      const result = evaluation.run(expression, compileAdmission(expression, names, 'condition'));
      if ('error' in result) errors.push(result.error);
      else if (result.value === false) return 'skip';
    }
  } catch (problem) {
    if (!(problem instanceof OutOfBudget)) throw problem;
    return failurePolicy === 'Ignore' ? 'skip' : { error: problem.message };
  }
  if (errors.length === 0) return 'met';
  if (failurePolicy === 'Ignore') return 'skip';
  const distinct = [...new Set(errors)];
  return { error: distinct.length === 1 ? (distinct[0] ?? '') : `[${distinct.join(', ')}]` };
}
