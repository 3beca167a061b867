/** Who bears a token: the kinds of tokens there are, one after another. */
import type { Reader } from '../store/client.ts';
import { bootstrapTokenUser } from './bootstrap-tokens.ts';
import { AUDIENCES, ISSUER, LEGACY_ISSUER, tokenUser, type TokenSigner, type TokenVerdict } from './tokens.ts';

/** Who issued what may be a token of a ServiceAccount, by its own account. */
function issuerOf(token: string): unknown {
  const [, payload, , ...rest] = token.split('.');
  if (payload === undefined || rest.length > 0) return undefined;
  try {
    return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss?: unknown } | null)?.iss;
  } catch {
    // no JSON, so no token of this kind
    return undefined;
  }
}

export interface TokenChecks {
  store: Reader;
  signer: TokenSigner;
  nowMs: number;
}

/** `audiences`: for whom the token is shown; none: for the API server. */
export function authenticateToken(
  { store, signer, nowMs }: TokenChecks,
  token: string,
  audiences: readonly string[] = [],
): TokenVerdict {
  const issuer = issuerOf(token);
  if (issuer === ISSUER || issuer === LEGACY_ISSUER) {
    const claims = signer.read(token);
    // in the words of the library that real servers use
    if (!claims) return { error: 'go-jose/go-jose: error in cryptographic primitive' };
    return tokenUser(store, { claims, token, nowMs, audiences });
  }
  const meant = audiences.length > 0 ? AUDIENCES.filter((one) => audiences.includes(one)) : [...AUDIENCES];
  // a bootstrap token is for the API server only
  const user = meant.length > 0 ? bootstrapTokenUser(store, token, nowMs) : undefined;
  return user ? { user, audiences: meant } : { error: '' };
}
