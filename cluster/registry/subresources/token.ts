/** serviceaccounts/token: a token for a limited time, for what it is bound to. */
import { invalid, path } from '../../api/field.ts';
import { conflict, invalidError, notFoundError } from '../../api/status.ts';
import { timeText } from '../../api/time.ts';
import type { KubeObject, ServiceAccount } from '../../api/types.ts';
import { ISSUER, usernameOf } from '../../access/tokens.ts';
import type { Backend, RequestContext, Target } from '../context.ts';

interface TokenRequest extends KubeObject {
  spec?: {
    audiences?: string[];
    expirationSeconds?: number;
    boundObjectRef?: { kind?: string; name?: string; uid?: string };
  };
}

const DEFAULT_SECONDS = 3600;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;
const BINDABLE: Record<string, string> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

/** The request with its answer in the status. */
export function requestToken(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  body: KubeObject,
  _context: RequestContext,
): KubeObject {
  const { store, clock, random, tokens } = backend;
  const account = store.get<ServiceAccount>(target.name, namespace, name);
  if (!account) throw notFoundError(target.info, name);
  const { spec = {} } = body as TokenRequest;
  const seconds = spec.expirationSeconds || DEFAULT_SECONDS;
  const at = path('spec', 'expirationSeconds');
  const wrong = [
    ...(seconds < SHORTEST_SECONDS ? [invalid(at, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > LONGEST_SECONDS ? [invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds')] : []),
  ];
  if (wrong.length > 0) throw invalidError({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', wrong);
  const now = Math.floor(clock.now() / 1000);
  const audiences = spec.audiences?.length ? spec.audiences : [ISSUER];
  const token = tokens.sign({
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: ISSUER,
    jti: random.uuid(),
    'kubernetes.io': {
      namespace,
      serviceaccount: { name, uid: account.metadata.uid ?? '' },
      ...boundTo(backend, namespace, spec.boundObjectRef),
    },
    nbf: now,
    sub: usernameOf(namespace, name),
  });
  return {
    ...body,
    metadata: { ...body.metadata, name, namespace, creationTimestamp: timeText(clock.now()) },
    spec: { ...spec, audiences, expirationSeconds: seconds },
    status: { token, expirationTimestamp: timeText((now + seconds) * 1000) },
  } as KubeObject;
}

function boundTo({ store }: Backend, namespace: string, ref: NonNullable<TokenRequest['spec']>['boundObjectRef']) {
  if (!ref) return {};
  const { kind = '', name = '', uid } = ref;
  const resource = BINDABLE[kind];
  if (!resource) {
    const problem = invalid(
      path('spec', 'boundObjectRef'),
      ref,
      `cannot bind token for serviceaccount to object of type /v1, Kind=${kind}`,
    );
    throw invalidError({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [problem]);
  }
  const object = store.get<KubeObject>(resource, resource === 'nodes' ? '' : namespace, name);
  if (!object) throw notFoundError({ group: '', resource }, name);
  if (uid && uid !== object.metadata.uid) {
    throw conflict(
      { group: '', resource },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { [kind.toLowerCase()]: { name, uid: object.metadata.uid ?? '' } };
}
