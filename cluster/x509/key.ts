/** Keys of machines that exist only here: drawn from a text, so that the same cluster has the same ones. */
import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export interface Key {
  privateKey: KeyObject;
  /** SubjectPublicKeyInfo, in DER. */
  publicKey: Uint8Array;
  /** PEM. */
  privateText: string;
  publicText: string;
}

/** An elliptic key (P-256) that follows from the text. It guards nothing but a simulated machine. */
export function keyFrom(text: string): Key {
  const ecdh = createECDH('prime256v1');
  const d = createHash('sha256').update(text).digest();
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const half = (point.length - 1) / 2;
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: d.toString('base64url'),
    x: point.subarray(1, 1 + half).toString('base64url'),
    y: point.subarray(1 + half).toString('base64url'),
  };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  return {
    privateKey,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    privateText: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    publicText: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
