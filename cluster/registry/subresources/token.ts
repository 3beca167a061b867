/** serviceaccounts/token: a token for a limited time, for what it is bound to. */
import { ISSUER, usernameOf } from '../../access/tokens.ts';
import { invalid, path } from '../../api/field.ts';
import { badRequest, conflict, invalidError, notFoundError } from '../../api/status.ts';
import { timeText } from '../../api/time.ts';
import type { KubeObject, Node, Pod, ServiceAccount } from '../../api/types.ts';
import { trackUpdate } from '../../schema/apply/index.ts';
import { mutateAdmission, validateAdmission } from '../admit.ts';
import type { Backend, RequestContext, Target } from '../context.ts';
import { settleNamespace } from '../create.ts';
import { schemaFor } from '../decode.ts';

interface BoundObjectReference {
  apiVersion?: string;
  kind?: string;
  name?: string;
  uid?: string;
}
interface TokenRequest extends KubeObject {
  spec?: { audiences?: string[]; expirationSeconds?: number | null; boundObjectRef?: BoundObjectReference | null };
}

const KIND = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
const DEFAULT_SECONDS = 3600;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;
/** What a pod asks for whose token may be used for longer, with a warning: so that old clients need not reread it. */
const EXTENDED_FROM_SECONDS = 3607;
const EXTENDED_SECONDS = 365 * 24 * 60 * 60;
const BINDABLE: Record<string, string> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

/** The request with its answer in the status. @throws StatusError */
export function requestToken(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  body: KubeObject,
  context: RequestContext,
): KubeObject {
  const { store, clock, random, tokens } = backend;
  const request = body as TokenRequest;
  settleNamespace(target, request, namespace);
  request.spec ??= {};
  request.spec.expirationSeconds ??= DEFAULT_SECONDS;
  const managedFields = trackUpdate({
    before: undefined,
    after: request,
    schemaName: schemaFor(KIND),
    gvk: KIND,
    manager: context.fieldManager,
    subresource: 'token',
    now: clock.now(),
  });
  const admission = {
    operation: 'CREATE' as const,
    resource: target.info,
    subresource: 'token',
    namespace,
    name,
    object: body,
    user: context.user,
    dryRun: context.dryRun,
    warn: context.warn,
  };
  mutateAdmission(backend, admission);
  const { metadata, spec } = request;
  if (metadata.name && metadata.name !== name) {
    const problem = 'must match the service account name if specified';
    throw invalidError(KIND, name, [invalid(path('metadata', 'name'), metadata.name, problem)]);
  }
  const account = store.get<ServiceAccount>(target.name, namespace, name);
  if (!account) throw notFoundError(target.info, name);
  const uid = account.metadata.uid ?? '';
  if (metadata.uid && metadata.uid !== uid) {
    const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`;
    throw conflict({ group: KIND.group, resource: KIND.kind }, name, why);
  }
  const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
  const at = path('spec', 'expirationSeconds');
  const wrong = [
    ...(seconds < SHORTEST_SECONDS ? [invalid(at, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > LONGEST_SECONDS ? [invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds')] : []),
  ];
  if (wrong.length > 0) throw invalidError(KIND, '', wrong);
  validateAdmission(backend, admission);
  const now = Math.floor(clock.now() / 1000);
  const audiences = spec.audiences?.length ? spec.audiences : [ISSUER];
  const bound = spec.boundObjectRef ? boundTo(backend, namespace, name, spec.boundObjectRef) : {};
  const extended =
    'pod' in bound && seconds === EXTENDED_FROM_SECONDS && audiences.every((audience) => audience === ISSUER);
  const token = tokens.sign({
    aud: audiences,
    exp: now + (extended ? EXTENDED_SECONDS : seconds),
    iat: now,
    iss: ISSUER,
    jti: random.uuid(),
    'kubernetes.io': {
      namespace,
      ...bound,
      serviceaccount: { name, uid },
      ...(extended ? { warnafter: now + seconds } : {}),
    },
    nbf: now,
    sub: usernameOf(namespace, name),
  });
  const { managedFields: _sent, ...sent } = metadata;
  return {
    ...request,
    metadata: {
      ...sent,
      name,
      namespace,
      uid,
      creationTimestamp: timeText(clock.now()),
      ...(managedFields && managedFields.length > 0 ? { managedFields } : {}),
    },
    spec: { ...spec, audiences, expirationSeconds: seconds },
    status: { token, expirationTimestamp: timeText((now + seconds) * 1000) },
  } as KubeObject;
}

type Named = { name: string; uid?: string };
const named = ({ metadata }: KubeObject): Named => ({ name: metadata.name, uid: metadata.uid ?? '' });

/** The claims about what a token is bound to. @throws StatusError */
function boundTo({ store }: Backend, namespace: string, account: string, ref: BoundObjectReference): object {
  const { apiVersion = '', kind = '', name = '', uid } = ref;
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const resource = group === '' ? BINDABLE[kind] : undefined;
  if (!resource) throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  const object = store.get<KubeObject>(resource, resource === 'nodes' ? '' : namespace, name);
  if (!object) throw notFoundError({ group: '', resource }, name);
  const { spec } = object as Pod;
  if (resource === 'pods' && spec?.serviceAccountName !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    );
  }
  if (uid && uid !== object.metadata.uid) {
    throw conflict(
      { group, resource: kind },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  // a pod's token also says where the pod runs
  const nodeName = resource === 'pods' ? (spec?.nodeName ?? '') : '';
  const node = store.get<Node>('nodes', '', nodeName);
  return {
    [kind.toLowerCase()]: named(object),
    ...(nodeName === '' ? {} : { node: node ? named(node) : { name: nodeName } }),
  };
}
