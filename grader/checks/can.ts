/** `can`: who may do what, as the authorizers of the API server decide it from the roles and bindings that are there. */
import { authorize } from '#cluster/access/authorizer.ts';
import type { PathAttributes, ResourceAttributes } from '#cluster/access/attributes.ts';
import { accountGroups, usernameOf } from '#cluster/access/tokens.ts';
import { resources } from '#cluster/schema/resources.ts';
import { nearest } from '../near.ts';
import { readerOf } from '../state-reader.ts';
import type { ManifestProblem } from '../manifest.ts';
import type { ClusterState, Finding, Text } from '../types.ts';
import type { Check } from './check.ts';

export interface CanOptions {
  can: {
    user?: string;
    /** `<namespace>/<name>` */
    serviceAccount?: string;
    groups?: string[];
    verbs: string[];
    /** `deployments.apps`, `pods/log` */
    resource?: string;
    name?: string;
    namespace?: string;
    url?: string;
  };
  allowed: boolean;
}
type Asked = CanOptions['can'];

const EVERYBODY = 'system:authenticated';
/** The namespaces only to say where it is allowed instead. */
const READ = ['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'Role', 'RoleBinding'];
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** `pods/log` is the subresource log, `deployments.apps` a resource of the group apps. */
function resourceOfText(text: string): { resource: string; group: string; subresource: string } {
  const [whole = '', subresource = ''] = text.split('/');
  const [resource = '', ...group] = whole.split('.');
  const known = resources.find(
    (info) => info.resource === resource && (group.length === 0 || info.group === group.join('.')),
  );
  return { resource, subresource, group: group.length > 0 ? group.join('.') : (known?.group ?? '') };
}

function userOf({ user = '', serviceAccount, groups = [] }: Asked) {
  if (serviceAccount === undefined) return { username: user, groups: [...groups, EVERYBODY] };
  const [namespace = '', name = ''] = serviceAccount.split('/');
  return { username: usernameOf(namespace, name), groups: [...accountGroups(namespace), ...groups, EVERYBODY] };
}

function attributes(
  asked: Asked,
  verb: string,
  namespace = asked.namespace ?? '',
): ResourceAttributes | PathAttributes {
  if (asked.url !== undefined) return { verb, path: asked.url };
  return { verb, ...resourceOfText(asked.resource ?? ''), namespace, name: asked.name ?? '' };
}

const mayDo = (state: ClusterState, asked: Asked, verb: string, namespace?: string): boolean =>
  authorize(readerOf(state), userOf(asked), attributes(asked, verb, namespace)).allowed;

const whoText = ({ user = '', serviceAccount }: Asked): string =>
  serviceAccount === undefined ? `User ${user}` : `ServiceAccount ${serviceAccount}`;

/** `list deployments.apps (shop)` */
function whatText({ resource, url, name, namespace }: Asked, verb: string): string {
  const object = url ?? `${resource ?? ''}${name === undefined ? '' : `/${name}`}`;
  return `${verb} ${object}${namespace === undefined ? '' : ` (${namespace})`}`;
}

/** It is allowed, only somewhere else. */
function elsewhere(state: ClusterState, asked: Asked): Text | undefined {
  if (asked.url !== undefined || asked.namespace === undefined) return undefined;
  const namespace = (state.resources['namespaces'] ?? [])
    .map(({ metadata }) => metadata.name)
    .find((name) => name !== asked.namespace && asked.verbs.every((verb) => mayDo(state, asked, verb, name)));
  if (namespace === undefined) return undefined;
  return {
    en: `${whoText(asked)} may do that in namespace "${namespace}"; it has to be "${asked.namespace}".`,
    ko: `${whoText(asked)}: 네임스페이스 "${namespace}"에서는 허용되어 있습니다. "${asked.namespace}"에서 허용되어야 합니다.`,
  };
}

function resourceProblem(text: string): string | undefined {
  const { resource, group } = resourceOfText(text);
  // groups with a dot in an unknown domain belong to custom resources
  const grouped = text.split('/')[0]?.includes('.') === true;
  if (resource === '*' || resources.some((info) => info.resource === resource && info.group === group))
    return undefined;
  const groups = [...new Set(resources.filter((info) => info.resource === resource).map((info) => info.group))];
  if (grouped && groups.length === 0) return undefined;
  if (grouped)
    return `${resource} is not in the group ${JSON.stringify(group)} but in ${groups.map((one) => JSON.stringify(one)).join(', ')}`;
  const byName = resources.find(
    (info) => info.shortNames.includes(resource) || info.kind.toLowerCase() === resource.toLowerCase(),
  );
  const meant =
    byName?.resource ??
    nearest(
      resource,
      resources.map((info) => info.resource),
    );
  return `unknown resource ${JSON.stringify(resource)}${meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`}`;
}

export const canCheck: Check<CanOptions> = {
  kind: 'can',
  reads: () => READ.map((kind) => ({ kind })),
  problems({ can }) {
    const problems: ManifestProblem[] = [];
    const tell = (path: (string | number)[], message: string) => problems.push({ path: ['can', ...path], message });
    if ((can.user === undefined) === (can.serviceAccount === undefined))
      tell([], 'give either "user" or "serviceAccount"');
    if ((can.resource === undefined) === (can.url === undefined)) tell([], 'give either "resource" or "url"');
    const wrong = can.resource === undefined ? undefined : resourceProblem(can.resource);
    if (wrong !== undefined) tell(['resource'], wrong);
    if (can.url === undefined) {
      for (const [index, verb] of can.verbs.entries()) {
        const meant = VERBS.includes(verb) ? undefined : nearest(verb, VERBS);
        if (meant !== undefined)
          tell(['verbs', index], `unknown verb ${JSON.stringify(verb)}; did you mean ${JSON.stringify(meant)}?`);
      }
    }
    return problems;
  },
  run({ can, allowed }, { now }) {
    const findings = can.verbs
      .filter((verb) => mayDo(now, can, verb) !== allowed)
      .map((verb): Finding => ({
        object: whoText(can),
        path: whatText(can, verb),
        // as kubectl auth can-i answers
        expected: allowed ? 'yes' : 'no',
        actual: allowed ? 'no' : 'yes',
      }));
    if (findings.length === 0) return { outcome: 'passed' };
    const nearMiss = allowed ? elsewhere(now, can) : undefined;
    return { outcome: 'failed', findings, ...(nearMiss ? { nearMiss } : {}) };
  },
  demands: ({ can, allowed }, { now }) => ({
    held: can.verbs.filter((verb) => mayDo(now, can, verb) === allowed).length,
    of: can.verbs.length,
  }),
};
