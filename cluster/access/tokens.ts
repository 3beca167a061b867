/** ServiceAccount tokens: what is in them, and whom they stand for. How they are signed is handed in. */
import type { UserInfo } from '../admission/plugin.ts';
import type { KubeObject, ServiceAccount } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

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
  'kubernetes.io': { namespace: string; serviceaccount: Bound; pod?: Bound; secret?: Bound; node?: Bound };
  nbf: number;
  sub: string;
}

/** Signs tokens and reads its own. */
export interface TokenSigner {
  sign(claims: TokenClaims): string;
  /** undefined: not signed by this signer. */
  read(token: string): TokenClaims | undefined;
}

export const usernameOf = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;

/** Whom a token stands for now; undefined when it has expired or what it is bound to is gone. */
export function tokenUser(
  store: Reader,
  { claims, nowMs }: { claims: TokenClaims; nowMs: number },
): UserInfo | undefined {
  const { namespace, serviceaccount, pod, secret } = claims['kubernetes.io'];
  if (claims.iss !== ISSUER || nowMs >= claims.exp * 1000) return undefined;
  const account = store.get<ServiceAccount>('serviceaccounts', namespace, serviceaccount.name);
  if (!account || account.metadata.uid !== serviceaccount.uid) return undefined;
  const isThere = (resource: string, bound: Bound | undefined) =>
    bound === undefined || store.get<KubeObject>(resource, namespace, bound.name)?.metadata.uid === bound.uid;
  if (!isThere('pods', pod) || !isThere('secrets', secret)) return undefined;
  return {
    username: usernameOf(namespace, serviceaccount.name),
    ...(account.metadata.uid === undefined ? {} : { uid: account.metadata.uid }),
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] },
  };
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** For clusters that nobody reaches from outside: tokens have the right content and no signature. */
export const unsigned: TokenSigner = {
  sign: (claims) => `${part({ alg: 'none' })}.${part(claims)}.`,
  read: () => undefined,
};
