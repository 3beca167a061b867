/** Kept and shown; requests are not queued here. */
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  path,
  required,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

/** null: none, as the API keeps lists that it demands. */
type List<T> = T[] | null;
const listOf = <T>(list: List<T> | undefined): readonly T[] => list ?? [];

interface Subject {
  kind?: string;
  user?: { name?: string };
  group?: { name?: string };
  serviceAccount?: { namespace?: string; name?: string };
}
interface ResourceRule {
  verbs?: List<string>;
  apiGroups?: List<string>;
  resources?: List<string>;
  clusterScope?: boolean;
  namespaces?: List<string>;
}
interface NonResourceRule {
  verbs?: List<string>;
  nonResourceURLs?: List<string>;
}
interface Rule {
  subjects?: List<Subject>;
  resourceRules?: List<ResourceRule>;
  nonResourceRules?: List<NonResourceRule>;
}
export interface Condition {
  type?: string;
  status?: string;
}
export type FlowSchema = KubeObject & {
  spec?: {
    priorityLevelConfiguration?: { name?: string };
    matchingPrecedence?: number;
    distinguisherMethod?: { type?: string };
    rules?: List<Rule>;
  };
  status?: { conditions?: Condition[] };
};

const DEFAULT_PRECEDENCE = 1000;
const MAX_PRECEDENCE = 10_000;
const METHODS = ['ByNamespace', 'ByUser'];
const SUBJECTS = ['Group', 'ServiceAccount', 'User'];
const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const at = path('spec');

/** Each type once, and none without. */
export const conditionErrors = (conditions: readonly Condition[] = []): FieldError[] =>
  conditions.flatMap(({ type = '' }, position) => {
    const here = path('status', 'conditions').index(position).child('type');
    const known = conditions.findIndex((one) => (one.type ?? '') === type) < position;
    return [...(known ? [duplicate(here, type)] : []), ...(type === '' ? [required(here)] : [])];
  });

/** Which field goes with which kind of subject. */
const FIELD_OF = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const;
/** In the order in which they are forbidden. */
const OTHERS = {
  ServiceAccount: ['User', 'Group'],
  User: ['ServiceAccount', 'Group'],
  Group: ['ServiceAccount', 'User'],
} as const;
const isSubjectKind = (kind: string): kind is keyof typeof FIELD_OF => Object.hasOwn(FIELD_OF, kind);

function accountErrors({ name = '', namespace = '' }: NonNullable<Subject['serviceAccount']>, here: Path) {
  const errors: FieldError[] = [];
  if (name === '') errors.push(required(here.child('name')));
  else if (name !== '*')
    errors.push(...dns1123Subdomain(name).map((detail) => invalid(here.child('name'), name, detail)));
  const ofNamespace = here.child('namespace');
  if (namespace === '') errors.push(required(ofNamespace, 'must specify namespace for service account'));
  else errors.push(...dns1123Label(namespace).map((detail) => invalid(ofNamespace, namespace, detail)));
  return errors;
}

function subjectErrors(subject: Subject, here: Path): FieldError[] {
  const { kind = '' } = subject;
  if (!isSubjectKind(kind)) return [notSupported(here.child('kind'), kind, SUBJECTS)];
  const field = FIELD_OF[kind];
  const given = subject[field];
  const errors: FieldError[] = [];
  if (!given) errors.push(required(here.child(field), `${field} is required when subject kind is '${kind}'`));
  else if (kind === 'ServiceAccount') errors.push(...accountErrors(given, here.child(field)));
  else if (!given.name) errors.push(required(here.child(field, 'name')));
  for (const other of OTHERS[kind]) {
    const name = FIELD_OF[other];
    if (subject[name]) {
      errors.push(forbidden(here.child(name), `${name} is forbidden when subject kind is not '${other}'`));
    }
  }
  return errors;
}

const alone = (list: readonly string[], here: Path, others: string): FieldError[] =>
  list.length > 1 && list.includes('*')
    ? [invalid(here, list, `if '*' is present, must not specify other ${others}`)]
    : [];

function verbErrors(verbs: readonly string[], here: Path): FieldError[] {
  if (verbs.length === 0) return [required(here, 'verbs must contain at least one value')];
  if (verbs.includes('*')) return alone(verbs, here, 'verbs');
  return verbs.every((verb) => VERBS.includes(verb)) ? [] : [notSupported(here, verbs, VERBS)];
}

function namespaceErrors({ clusterScope, ...rule }: ResourceRule, here: Path): FieldError[] {
  const namespaces = listOf(rule.namespaces);
  if (namespaces.length === 0 && !clusterScope) {
    return [required(here, 'resource rules that are not cluster scoped must supply at least one namespace')];
  }
  if (namespaces.includes('*')) return alone(namespaces, here, 'namespaces');
  return namespaces.flatMap((namespace, position) =>
    dns1123Label(namespace).map((detail) =>
      invalid(here.index(position), namespace, `each member of this list must be '*' or a DNS-1123 label; ${detail}`),
    ),
  );
}

function resourceRuleErrors(rule: ResourceRule, here: Path): FieldError[] {
  const apiGroups = listOf(rule.apiGroups);
  const resources = listOf(rule.resources);
  const groups = here.child('apiGroups');
  const names = here.child('resources');
  return [
    ...verbErrors(listOf(rule.verbs), here.child('verbs')),
    ...(apiGroups.length === 0 ? [required(groups, 'resource rules must supply at least one api group')] : []),
    ...alone(apiGroups, groups, 'api groups'),
    ...(resources.length === 0 ? [required(names, 'resource rules must supply at least one resource')] : []),
    ...alone(resources, names, 'resources'),
    ...namespaceErrors(rule, here.child('namespaces')),
  ];
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
}

function nonResourceRuleErrors({ verbs, nonResourceURLs }: NonResourceRule, here: Path): FieldError[] {
  const urls = listOf(nonResourceURLs);
  const list = here.child('nonResourceURLs');
  const errors = verbErrors(listOf(verbs), here.child('verbs'));
  if (urls.length === 0) return [...errors, required(list, 'nonResourceURLs must contain at least one value')];
  if (urls.includes('*')) return [...errors, ...alone(urls, list, 'non-resource URLs')];
  return [
    ...errors,
    ...urls.flatMap((url, position) => {
      const problem = urlProblem(url);
      return problem === undefined ? [] : [invalid(list.index(position), url, problem)];
    }),
  ];
}

function ruleErrors(rule: Rule, here: Path): FieldError[] {
  const subjects = listOf(rule.subjects);
  const resourceRules = listOf(rule.resourceRules);
  const nonResourceRules = listOf(rule.nonResourceRules);
  const errors: FieldError[] = [];
  if (subjects.length === 0) {
    errors.push(required(here.child('subjects'), 'subjects must contain at least one value'));
  }
  errors.push(...subjects.flatMap((one, i) => subjectErrors(one, here.child('subjects').index(i))));
  if (resourceRules.length === 0 && nonResourceRules.length === 0) {
    errors.push(required(here, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  }
  return [
    ...errors,
    ...resourceRules.flatMap((one, i) => resourceRuleErrors(one, here.child('resourceRules').index(i))),
    ...nonResourceRules.flatMap((one, i) => nonResourceRuleErrors(one, here.child('nonResourceRules').index(i))),
  ];
}

function validate({ metadata, spec = {}, status }: FlowSchema): FieldError[] {
  const errors: FieldError[] = [];
  const { matchingPrecedence: precedence = 0, distinguisherMethod: method } = spec;
  const ofPrecedence = at.child('matchingPrecedence');
  if (precedence <= 0) errors.push(invalid(ofPrecedence, precedence, 'must be a positive value'));
  if (precedence > MAX_PRECEDENCE) {
    errors.push(invalid(ofPrecedence, precedence, `must not be greater than ${MAX_PRECEDENCE}`));
  }
  if (precedence === 1 && metadata.name !== 'exempt') {
    errors.push(invalid(ofPrecedence, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  }
  if (method && !METHODS.includes(method.type ?? '')) {
    // the whole method is shown, as the server holds it
    errors.push(notSupported(at.child('distinguisherMethod', 'type'), { Type: method.type ?? '' }, METHODS));
  }
  const level = spec.priorityLevelConfiguration?.name ?? '';
  const ofLevel = at.child('priorityLevelConfiguration', 'name');
  if (level === '') errors.push(required(ofLevel, 'must reference a priority level'));
  else errors.push(...dns1123Subdomain(level).map((detail) => invalid(ofLevel, level, detail)));
  return [
    ...errors,
    ...listOf(spec.rules).flatMap((rule, position) => ruleErrors(rule, at.child('rules').index(position))),
    ...conditionErrors(status?.conditions),
  ];
}

export const flowSchema: Kind<FlowSchema> = {
  resource: 'flowschemas.flowcontrol.apiserver.k8s.io',
  defaults(object) {
    object.spec = { ...object.spec };
    object.spec.matchingPrecedence ||= DEFAULT_PRECEDENCE;
  },
  prepareForCreate(object) {
    object.status = {};
  },
  validate,
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) => conditionErrors(status?.conditions),
  cells: ({ metadata, spec, status }) => [
    metadata.name,
    spec?.priorityLevelConfiguration?.name ?? '',
    spec?.matchingPrecedence ?? 0,
    spec?.distinguisherMethod?.type ?? '<none>',
    metadata.creationTimestamp ?? null,
    status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  ],
};
