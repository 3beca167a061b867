/** Signs ServiceAccount tokens with the key of the cluster's authority, so that they live as long as its kubeconfig does. */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { Claims, TokenSigner } from '../access/tokens.ts';
import type { KeyPair } from './certificates.ts';

const ENCODING = { dsaEncoding: 'ieee-p1363' } as const;
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function tokenSigner({ certificate, key }: KeyPair): TokenSigner {
  const privateKey = createPrivateKey(key);
  const publicKey = createPublicKey(certificate);
  // a key is known by the digest of its public half, as kube-apiserver names its own
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  const HEADER = encode({ alg: 'ES256', kid });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return {
    keys: { keys: [{ use: 'sig', kty, kid, crv, alg: 'ES256', x, y }] },
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
      return good ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims) : undefined;
    },
  };
}
