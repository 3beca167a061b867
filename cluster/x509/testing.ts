/** Certificate requests made for the occasion, for tests. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { bitString, encode, encodeInteger, encodeObjectId, encodePem, sequence, TAG } from './der.ts';
import { encodeName } from './name.ts';

export interface RequestOptions {
  commonName?: string;
  organization?: string[];
  dnsNames?: string[];
}

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** PEM. */
export function makeRequest({ commonName = 'ann', organization = [], dnsNames = [] }: RequestOptions = {}): string {
  const nothing = { country: [], organizationalUnit: [], locality: [], province: [], street: [], postalCode: [] };
  const names = sequence(...dnsNames.map((name) => encode(0x82, Buffer.from(name))));
  const extension = sequence(encodeObjectId('2.5.29.17'), encode(TAG.octetString, names));
  const attribute = sequence(encodeObjectId('1.2.840.113549.1.9.14'), encode(TAG.set, sequence(extension)));
  const body = sequence(
    encodeInteger('00'),
    encodeName({ ...nothing, serialNumber: [], commonName: [commonName], organization }),
    publicKey.export({ format: 'der', type: 'spki' }),
    encode(0xa0, ...(dnsNames.length > 0 ? [attribute] : [])),
  );
  const algorithm = sequence(encodeObjectId('1.2.840.10045.4.3.2'));
  return encodePem('CERTIFICATE REQUEST', sequence(body, algorithm, bitString(sign('sha256', body, privateKey))));
}

/** As a CertificateSigningRequest carries it. */
export const encodedRequest = (options?: RequestOptions): string =>
  Buffer.from(makeRequest(options)).toString('base64');
