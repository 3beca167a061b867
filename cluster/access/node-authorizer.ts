/**
 * What a kubelet may do as its node's user: read what the pods on its node need, report on itself and its pods. What a write
 * may contain is left to the NodeRestriction plugin.
 */
import type { UserInfo } from '../admission/plugin.ts';
import type { PolicyRule } from '../api/types.ts';
import facts from '../schema/facts/bootstrap.json' with { type: 'json' };
import type { Reader } from '../store/client.ts';
import type { Decision, PathAttributes, ResourceAttributes } from './attributes.ts';
import { isRelated } from './node-graph.ts';
import { rulesAllow } from './rbac.ts';

const NODES = 'system:nodes';
const PREFIX = 'system:node:';
const LEASES = 'kube-node-lease';

/** The rules all nodes share: those of the ClusterRole system:node, whether it is there or not. */
const nodeRules = ((facts.clusterroles as { metadata: { name: string }; rules?: PolicyRule[] }[]).find(
  ({ metadata }) => metadata.name === 'system:node',
)?.rules ?? []) as readonly PolicyRule[];

/** Whose kubelet it is: '' when it does not say, undefined when the user is no kubelet. */
export function nodeOf({ username, groups }: UserInfo): string | undefined {
  return username.startsWith(PREFIX) && groups.includes(NODES) ? username.slice(PREFIX.length) : undefined;
}

const YES: Decision = { allowed: true, reason: '' };
const no = (reason = ''): Decision => ({ allowed: false, reason });

interface Question {
  store: Reader;
  node: string;
  asked: ResourceAttributes;
}
type Rule = (question: Question) => Decision;

/** A single object that a pod on the node needs. `resource` as the graph names it. */
function related({ store, node, asked }: Question): Decision {
  if (asked.name === '') return no('No Object name found');
  return isRelated(store, node, asked) ? YES : no(`no relationship found between node '${node}' and this object`);
}

const getOnly: Rule = (question) => {
  const { verb, subresource } = question.asked;
  if (verb !== 'get') return no('can only get individual resources of this type');
  if (subresource !== '') return no('cannot get subresource');
  return related(question);
};

const readNamespaced: Rule = (question) => {
  const { verb, subresource, namespace } = question.asked;
  if (!['get', 'list', 'watch'].includes(verb)) return no('can only read resources of this type');
  if (subresource !== '') return no('cannot read subresource');
  if (namespace === '') return no('can only read namespaced object of this type');
  return related(question);
};

const claims: Rule = (question) => {
  const { verb, subresource } = question.asked;
  if (subresource !== 'status') return getOnly(question);
  if (verb !== 'update' && verb !== 'patch') return no('can only get/update/patch this type');
  return related(question);
};

const serviceAccounts: Rule = (question) => {
  const { verb, subresource, name } = question.asked;
  if (verb === 'get' && subresource === '') return readNamespaced(question);
  if (verb !== 'create' || name === '') return no('can only create tokens for individual service accounts');
  if (subresource !== 'token') return no('can only create token subresource of serviceaccount');
  return related(question);
};

const OWN_VERBS = ['get', 'create', 'update', 'patch', 'delete'];

const leases: Rule = ({ node, asked: { verb, namespace, name } }) => {
  if (!OWN_VERBS.includes(verb)) return no('can only get, create, update, patch, or delete a node lease');
  if (namespace !== LEASES) return no(`can only access leases in the "${LEASES}" system namespace`);
  // the name of a lease to be created is not known yet: the admission plugin looks at it
  if (verb !== 'create' && name !== node) {
    return no('can only access node lease with the same name as the requesting node');
  }
  return YES;
};

const csiNodes: Rule = ({ node, asked: { verb, subresource, name } }) => {
  if (!OWN_VERBS.includes(verb)) return no('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return no('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node) {
    return no('can only access CSINode with the same name as the requesting node');
  }
  return YES;
};

const narrowedTo = ({ asked, node }: Question, field: string) =>
  (asked.fields ?? []).some((one) => one.field === field && one.op === '=' && one.value === node);

const resourceSlices: Rule = (question) => {
  const { verb, subresource } = question.asked;
  if (subresource !== '') return no('cannot authorize ResourceSlice subresources');
  switch (verb) {
    case 'create':
      return YES;
    case 'get':
    case 'update':
    case 'patch':
    case 'delete':
      return related(question);
    case 'watch':
    case 'list':
    case 'deletecollection':
      return narrowedTo(question, 'spec.nodeName')
        ? YES
        : no('can only list/watch/deletecollection resourceslices with nodeName field selector');
    default:
      return no(
        'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
      );
  }
};

const nodes: Rule = ({ node, asked: { verb, subresource, name } }) => {
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? YES : no();
  if (subresource !== '') return no();
  if (['create', 'update', 'patch'].includes(verb)) return YES;
  if (!['get', 'list', 'watch'].includes(verb)) return no();
  if (name === node) return YES;
  return no(
    name === ''
      ? `node '${node}' cannot read all nodes, only its own Node object`
      : `node '${node}' cannot read '${name}', only its own Node object`,
  );
};

const pods: Rule = (question) => {
  const { verb, subresource, name } = question.asked;
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? YES : no();
  if (subresource === 'eviction') return verb === 'create' ? YES : no();
  if (subresource !== '') return no();
  switch (verb) {
    case 'get':
      return getOnly(question);
    case 'list':
    case 'watch':
      if (narrowedTo(question, 'spec.nodeName')) return YES;
      return name === '' ? no('can only list/watch pods with spec.nodeName field selector') : related(question);
    case 'create':
    case 'delete':
      return YES;
    default:
      return no();
  }
};

/** Resources with rules of their own, as `resource.group`. */
const RULES: Readonly<Record<string, Rule>> = {
  secrets: readNamespaced,
  configmaps: readNamespaced,
  persistentvolumeclaims: claims,
  persistentvolumes: getOnly,
  'resourceclaims.resource.k8s.io': getOnly,
  'volumeattachments.storage.k8s.io': getOnly,
  serviceaccounts: serviceAccounts,
  'leases.coordination.k8s.io': leases,
  'csinodes.storage.k8s.io': csiNodes,
  'resourceslices.resource.k8s.io': resourceSlices,
  nodes,
  pods,
  // behind a feature that is off
  'podcertificaterequests.certificates.k8s.io': () => no(),
};

export function authorizeNode(store: Reader, user: UserInfo, asked: ResourceAttributes | PathAttributes): Decision {
  const node = nodeOf(user);
  if (node === undefined) return no();
  if (node === '') return no(`unknown node for user ${JSON.stringify(user.username)}`);
  const rule =
    'path' in asked ? undefined : RULES[asked.group === '' ? asked.resource : `${asked.resource}.${asked.group}`];
  if (rule && !('path' in asked)) return rule({ store, node, asked });
  return rulesAllow(nodeRules, asked) ? YES : no();
}
