/** Signs what the cluster issues with the key of its authority. */
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { fieldsOf, subjectOf, type CertificateSigner } from '../x509/certificate.ts';
import { readElement } from '../x509/der.ts';
import type { KeyPair } from './certificates.ts';

const SUBJECT_KEY_ID = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x0e]);
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';

function keyIdOf(extensions: Uint8Array): Uint8Array {
  const at = Buffer.from(extensions).indexOf(SUBJECT_KEY_ID);
  if (at < 0) return new Uint8Array();
  // an octet string in an octet string
  return readElement(readElement(extensions.subarray(at + SUBJECT_KEY_ID.length)).content).content;
}

export function certificateSigner({ certificate, key }: KeyPair): CertificateSigner {
  const { raw, validTo } = new X509Certificate(certificate);
  const privateKey = createPrivateKey(key);
  return {
    issuer: subjectOf(raw).raw,
    keyId: keyIdOf(fieldsOf(raw).at(-1)?.raw ?? new Uint8Array()),
    until: Date.parse(validTo),
    algorithm: ECDSA_SHA256,
    sign: (bytes) => sign('sha256', bytes, privateKey),
  };
}
