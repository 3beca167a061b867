/** `authorizer.group('').resource('pods').check('list').allowed()`: asks the cluster's own authorizer. */
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts';
import { member, type Overload } from '../declarations.ts';
import { BOOL, STRING, type Type } from '../types.ts';
import { CelError, Opaque, type Value } from '../values.ts';

/** What is asked; '' leaves a part open. */
export interface ResourceQuestion {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}
export interface Answer {
  allowed: boolean;
  reason: string;
  error?: string;
}

/** Whom the questions are about; `serviceAccount` is the same for another. */
export interface Authorizer {
  resource(question: ResourceQuestion): Answer;
  path(path: string, verb: string): Answer;
  serviceAccount(namespace: string, name: string): Authorizer;
}

const struct = (name: string): Type => ({ kind: 'struct', name: `kubernetes.authorization.${name}`, of: [] });
export const AUTHORIZER = struct('Authorizer');
export const RESOURCE_CHECK = struct('ResourceCheck');
const PATH_CHECK = struct('PathCheck');
const GROUP_CHECK = struct('GroupCheck');
const DECISION = struct('Decision');

/** A value that is only there to have functions called on. */
class Receiver<T> extends Opaque {
  readonly typeName: string;
  readonly of: T;
  constructor(type: Type, of: T) {
    super();
    this.typeName = type.name;
    this.of = of;
  }
  equals(other: Opaque): boolean {
    return other === this;
  }
  toString(): string {
    return this.typeName;
  }
}
type Check = { authorizer: Authorizer } & Omit<ResourceQuestion, 'verb'>;

export const authorizerValue = (authorizer: Authorizer): Value => new Receiver(AUTHORIZER, authorizer);
export const resourceCheckValue = (authorizer: Authorizer, question: Omit<ResourceQuestion, 'verb'>): Value =>
  new Receiver<Check>(RESOURCE_CHECK, { authorizer, ...question });

const inside = <T>(value: Value | undefined): T => (value as Receiver<T>).of;
const narrowed = (name: string, field: 'subresource' | 'namespace' | 'name'): Overload =>
  member(name, [RESOURCE_CHECK, STRING], RESOURCE_CHECK, ([check, text]) => {
    const { authorizer, ...question } = inside<Check>(check);
    return resourceCheckValue(authorizer, { ...question, [field]: text as string });
  });
/** Selectors narrow a question only for authorizers that look at them: ours does not. */
const selected = (name: string): Overload =>
  member(name, [RESOURCE_CHECK, STRING], RESOURCE_CHECK, ([check = null]) => check);

export const AUTHORIZERS: readonly Overload[] = [
  member('path', [AUTHORIZER, STRING], PATH_CHECK, ([authorizer, path]) =>
    (path as string).trim() === ''
      ? new CelError('path must not be empty')
      : new Receiver(PATH_CHECK, { authorizer: inside<Authorizer>(authorizer), path: path as string }),
  ),
  member(
    'group',
    [AUTHORIZER, STRING],
    GROUP_CHECK,
    ([authorizer, group]) =>
      new Receiver(GROUP_CHECK, { authorizer: inside<Authorizer>(authorizer), group: group as string }),
  ),
  member('serviceAccount', [AUTHORIZER, STRING, STRING], AUTHORIZER, ([authorizer, namespace, name]) => {
    if (dns1123Subdomain(name as string).length > 0) return new CelError('Invalid service account name');
    if (dns1123Label(namespace as string).length > 0) return new CelError('Invalid service account namespace');
    return authorizerValue(inside<Authorizer>(authorizer).serviceAccount(namespace as string, name as string));
  }),
  member('resource', [GROUP_CHECK, STRING], RESOURCE_CHECK, ([check, resource]) => {
    if ((resource as string).trim() === '') return new CelError('resource must not be empty');
    const { authorizer, group } = inside<{ authorizer: Authorizer; group: string }>(check);
    const question = { group, resource: resource as string, subresource: '', namespace: '', name: '' };
    return resourceCheckValue(authorizer, question);
  }),
  narrowed('subresource', 'subresource'),
  narrowed('namespace', 'namespace'),
  narrowed('name', 'name'),
  selected('fieldSelector'),
  selected('labelSelector'),
  member('check', [PATH_CHECK, STRING], DECISION, ([check, verb]) => {
    const { authorizer, path } = inside<{ authorizer: Authorizer; path: string }>(check);
    return new Receiver(DECISION, authorizer.path(path, verb as string));
  }),
  member('check', [RESOURCE_CHECK, STRING], DECISION, ([check, verb]) => {
    const { authorizer, ...question } = inside<Check>(check);
    return new Receiver(DECISION, authorizer.resource({ ...question, verb: verb as string }));
  }),
  member('errored', [DECISION], BOOL, ([decision]) => inside<Answer>(decision).error !== undefined),
  member('error', [DECISION], STRING, ([decision]) => inside<Answer>(decision).error ?? ''),
  member('allowed', [DECISION], BOOL, ([decision]) => inside<Answer>(decision).allowed),
  member('reason', [DECISION], STRING, ([decision]) => inside<Answer>(decision).reason),
];
