/** ServiceAccount tokens: what is in them, and whom they stand for. How they are signed is handed in. */
import type { UserInfo } from '../admission/plugin.ts';
import { dns1123Label, dns1123Subdomain } from '../api/names.ts';
import type { KubeObject, Secret, ServiceAccount } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** Of tokens that live in Secrets. */
export const LEGACY_ISSUER = 'kubernetes/serviceaccount';
/** Whom tokens are for when nobody says: the API server. */
export const AUDIENCES: readonly string[] = [ISSUER];
export const TOKEN_SECRET = 'kubernetes.io/service-account-token';

interface Bound {
  name: string;
  uid: string;
}

/** The payload of a token, as a real server writes it. Times in seconds since 1970. */
export interface TokenClaims {
  aud: string[];
  exp: number;
  iat: number;
  iss: string;
  jti: string;
  'kubernetes.io': {
    namespace: string;
    node?: Bound;
    pod?: Bound;
    secret?: Bound;
    serviceaccount: Bound;
    /** When a client should have asked for a new one. */
    warnafter?: number;
  };
  nbf: number;
  sub: string;
}

/** The payload of a token in a Secret: it has no end and no audience. */
export interface LegacyTokenClaims {
  iss: typeof LEGACY_ISSUER;
  'kubernetes.io/serviceaccount/namespace': string;
  'kubernetes.io/serviceaccount/secret.name': string;
  'kubernetes.io/serviceaccount/service-account.name': string;
  'kubernetes.io/serviceaccount/service-account.uid': string;
  sub: string;
}

export type Claims = TokenClaims | LegacyTokenClaims;

/** Signs tokens and reads its own. */
export interface TokenSigner {
  sign(claims: Claims): string;
  /** undefined: not signed by this signer. */
  read(token: string): Claims | undefined;
  /** The public keys as a JWK set (RFC 7517), for those who check tokens themselves. */
  keys: object;
}

/** The user; or why the bearer is nobody, '' when nothing more can be said. */
export type TokenVerdict = { user: UserInfo; audiences: string[] } | { error: string };

export const usernameOf = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;

/** The namespace and name in a ServiceAccount's username; undefined for other users. */
export function accountOf(username: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  const wrong = dns1123Label(namespace).length + dns1123Subdomain(name).length;
  return wrong > 0 ? undefined : { namespace, name };
}

export const accountGroups = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

const refused = (error: string): TokenVerdict => ({ error });
const INVALIDATED = 'service account token has been invalidated';

const list = (texts: readonly string[]) => `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

function userOf(namespace: string, { name, uid }: Bound, extra: Record<string, string[]> = {}): UserInfo {
  return {
    username: usernameOf(namespace, name),
    uid,
    groups: [...accountGroups(namespace), 'system:authenticated'],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

export interface TokenQuestion {
  claims: Claims;
  /** As it was sent. */
  token: string;
  nowMs: number;
  /** For whom it is shown; default: the API server. */
  audiences?: readonly string[];
}

/** Whom a token that is well signed stands for at a moment: what it is bound to may be gone. */
export function tokenUser(store: Reader, question: TokenQuestion): TokenVerdict {
  const { claims } = question;
  if (!('kubernetes.io' in claims)) return legacyUser(store, claims, question);
  const wanted = question.audiences?.length ? question.audiences : AUDIENCES;
  const audiences = claims.aud.filter((one) => wanted.includes(one));
  if (audiences.length === 0) {
    return refused(`token audiences ${list(claims.aud)} is invalid for the target audiences ${list(wanted)}`);
  }
  if (question.nowMs >= claims.exp * 1000 + LEEWAY_MS) return refused('service account token has expired');
  if (question.nowMs < claims.nbf * 1000 - LEEWAY_MS) return refused('service account token is not valid yet');
  const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'];
  const account = store.get<ServiceAccount>('serviceaccounts', namespace, serviceaccount.name);
  if (!account) return refused(`serviceaccounts ${JSON.stringify(serviceaccount.name)} not found`);
  const uid = account.metadata.uid ?? '';
  if (uid !== serviceaccount.uid) {
    return refused(`service account UID (${uid}) does not match claim (${serviceaccount.uid})`);
  }
  const problem =
    boundProblem('secret', store.get('secrets', namespace, secret?.name ?? ''), secret) ??
    boundProblem('pod', store.get('pods', namespace, pod?.name ?? ''), pod) ??
    (pod ? undefined : boundProblem('node', store.get('nodes', '', node?.name ?? ''), node));
  if (problem !== undefined) return refused(problem);
  const key = (what: string) => `authentication.kubernetes.io/${what}`;
  const user = userOf(namespace, serviceaccount, {
    [key('credential-id')]: [`JTI=${claims.jti}`],
    ...(node ? { [key('node-name')]: [node.name], [key('node-uid')]: [node.uid] } : {}),
    ...(pod ? { [key('pod-name')]: [pod.name], [key('pod-uid')]: [pod.uid] } : {}),
  });
  return { user, audiences };
}

/** A minute: clocks differ. */
const LEEWAY_MS = 60_000;

function boundProblem(kind: string, object: KubeObject | undefined, bound: Bound | undefined): string | undefined {
  if (!bound) return undefined;
  if (!object) return INVALIDATED;
  const { uid = '' } = object.metadata;
  if (uid === bound.uid) return undefined;
  return `${kind} UID (${uid}) does not match service account ${kind} ref claim (${bound.uid})`;
}

function legacyUser(store: Reader, claims: LegacyTokenClaims, { token, audiences }: TokenQuestion): TokenVerdict {
  const namespace = claims['kubernetes.io/serviceaccount/namespace'];
  const secretName = claims['kubernetes.io/serviceaccount/secret.name'];
  const name = claims['kubernetes.io/serviceaccount/service-account.name'];
  const uid = claims['kubernetes.io/serviceaccount/service-account.uid'];
  const wanted = audiences?.length ? audiences : AUDIENCES;
  const meant = AUDIENCES.filter((one) => wanted.includes(one));
  if (meant.length === 0) {
    return refused(`token audiences ${list(AUDIENCES)} is invalid for the target audiences ${list(wanted)}`);
  }
  const secret = store.get<Secret>('secrets', namespace, secretName);
  if (!secret || secret.metadata.deletionTimestamp) return refused('Token has been invalidated');
  if (Buffer.from(secret.data?.['token'] ?? '', 'base64').toString() !== token) {
    return refused("Token does not match server's copy");
  }
  const account = store.get<ServiceAccount>('serviceaccounts', namespace, name);
  if (!account) return refused(`serviceaccounts ${JSON.stringify(name)} not found`);
  if (account.metadata.uid !== uid) {
    return refused(`ServiceAccount UID (${account.metadata.uid ?? ''}) does not match claim (${uid})`);
  }
  const since = secret.metadata.labels?.['kubernetes.io/legacy-token-invalid-since'];
  if (since) {
    return refused(
      `the token in secret ${namespace}/${secretName} for service account ${namespace}/${name} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the 'kubernetes.io/legacy-token-invalid-since' label from the secret to temporarily allow use of this token`,
    );
  }
  return { user: userOf(namespace, { name, uid }), audiences: meant };
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** For clusters that nobody reaches from outside: tokens have the right content and no signature. */
export const unsigned: TokenSigner = {
  sign: (claims) => `${part({ alg: 'none' })}.${part(claims)}.`,
  read: () => undefined,
  keys: { keys: [] },
};
