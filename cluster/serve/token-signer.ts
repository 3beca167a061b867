/** Signs ServiceAccount tokens with the key of the cluster's authority, so that they live as long as its kubeconfig does. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { TokenClaims, TokenSigner } from '../access/tokens.ts';
import type { KeyPair } from './certificates.ts';

const ENCODING = { dsaEncoding: 'ieee-p1363' } as const;
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'ES256', typ: 'JWT' });

export function tokenSigner({ certificate, key }: KeyPair): TokenSigner {
  const privateKey = createPrivateKey(key);
  const publicKey = createPublicKey(certificate);
  return {
    sign: (claims) => {
      const signed = `${HEADER}.${encode(claims)}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, ...ENCODING }).toString('base64url')}`;
    },
    read: (token) => {
      const [header, payload, signature, ...rest] = token.split('.');
      // other algorithms are not even looked at: "none" is one of them
      if (header !== HEADER || payload === undefined || signature === undefined || rest.length > 0) return undefined;
      const good = verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        { key: publicKey, ...ENCODING },
        Buffer.from(signature, 'base64url'),
      );
      return good ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenClaims) : undefined;
    },
  };
}
