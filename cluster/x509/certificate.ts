/** Certificates (RFC 5280), written as kube-controller-manager writes what it signs; and read as far as their end. */
import { X509Certificate } from 'node:crypto';
import {
  bitString,
  DerError,
  encode,
  encodeBits,
  encodeInteger,
  encodeObjectId,
  encodePem,
  encodeTime,
  readAll,
  readElement,
  sequence,
  TAG,
  type Element,
} from './der.ts';
import { encodeName, readName, type Name } from './name.ts';
import type { CertificateRequest } from './request.ts';

/** Who signs. The edge of the cluster has the key. */
export interface CertificateSigner {
  /** The subject of the authority's certificate, in DER. */
  issuer: Uint8Array;
  /** Its key's identifier; empty: it has none. */
  keyId: Uint8Array;
  /** When the authority's certificate ends, in milliseconds since 1970. */
  until: number;
  /** Object identifier of the algorithm. */
  algorithm: string;
  /** The signature of the bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

export interface Issue {
  /** Hexadecimal digits, up to 32. */
  serial: string;
  /** Milliseconds since 1970. */
  from: number;
  until: number;
  /** As the API names them: `client auth`, `digital signature`. */
  usages: readonly string[];
  /** It may sign others. */
  authority?: boolean;
}

/** Bits of the key usage extension. */
const KEY_USAGES: Readonly<Record<string, number>> = {
  signing: 0,
  'digital signature': 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
  'cert sign': 5,
  'crl sign': 6,
  'encipher only': 7,
  'decipher only': 8,
};
/** Purposes, in the order in which they are written. */
const PURPOSES: readonly [usages: readonly string[], objectId: string][] = [
  [['any'], '2.5.29.37.0'],
  [['server auth'], '1.3.6.1.5.5.7.3.1'],
  [['client auth'], '1.3.6.1.5.5.7.3.2'],
  [['code signing'], '1.3.6.1.5.5.7.3.3'],
  [['email protection', 's/mime'], '1.3.6.1.5.5.7.3.4'],
  [['ipsec end system'], '1.3.6.1.5.5.7.3.5'],
  [['ipsec tunnel'], '1.3.6.1.5.5.7.3.6'],
  [['ipsec user'], '1.3.6.1.5.5.7.3.7'],
  [['timestamping'], '1.3.6.1.5.5.7.3.8'],
  [['ocsp signing'], '1.3.6.1.5.5.7.3.9'],
  [['microsoft sgc'], '1.3.6.1.4.1.311.10.3.3'],
  [['netscape sgc'], '2.16.840.1.113730.4.1'],
];

const TRUE = encode(TAG.boolean, Uint8Array.of(0xff));

const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(encodeObjectId(id), ...(critical ? [TRUE] : []), encode(TAG.octetString, value));

function extensions(
  request: CertificateRequest,
  { keyId }: CertificateSigner,
  { usages, authority = false }: Issue,
): Uint8Array[] {
  const flags = usages.reduce((all, usage) => all | (KEY_USAGES[usage] === undefined ? 0 : 1 << KEY_USAGES[usage]), 0);
  const purposes = PURPOSES.filter(([names]) => names.some((name) => usages.includes(name)));
  const { dnsNames, emails, addresses, uris, subject } = request;
  const text = (tag: number) => (value: string) => encode(tag, Buffer.from(value, 'latin1'));
  const alternatives = [
    ...dnsNames.map(text(0x82)),
    ...emails.map(text(0x81)),
    ...addresses.map((bytes) => encode(0x87, bytes)),
    ...uris.map(text(0x86)),
  ];
  const unnamed = Object.values(subject).every((values) => values.length === 0);
  return [
    ...(flags > 0 ? [extension('2.5.29.15', encodeBits(flags), true)] : []),
    ...(purposes.length > 0 ? [extension('2.5.29.37', sequence(...purposes.map(([, id]) => encodeObjectId(id))))] : []),
    extension('2.5.29.19', authority ? sequence(TRUE) : sequence(), true),
    ...(keyId.length > 0 ? [extension('2.5.29.35', sequence(encode(0x80, keyId)))] : []),
    ...(alternatives.length > 0 ? [extension('2.5.29.17', sequence(...alternatives), unnamed)] : []),
  ];
}

const VERSION_3 = encode(0xa0, encodeInteger('02'));

/** PEM of the certificate that `request` asks for. */
export function issue(request: CertificateRequest, signer: CertificateSigner, how: Issue): string {
  const algorithm = sequence(encodeObjectId(signer.algorithm));
  const body = sequence(
    VERSION_3,
    encodeInteger(how.serial),
    algorithm,
    signer.issuer,
    sequence(encodeTime(how.from), encodeTime(how.until)),
    encodeName(request.subject),
    request.publicKey,
    encode(0xa3, sequence(...extensions(request, signer, how))),
  );
  return encodePem('CERTIFICATE', sequence(body, algorithm, bitString(signer.sign(body))));
}

/** The fields of a certificate's body: version, serial number, algorithm, issuer, validity, subject, key, extensions. */
const SUBJECT_FIELD = 5;

/** The body's fields of a certificate in DER. @throws DerError */
export function fieldsOf(der: Uint8Array): Element[] {
  const [body] = readAll(readElement(der).content);
  return body ? readAll(body.content) : [];
}

/** The subject's own bytes. @throws DerError */
export function subjectOf(der: Uint8Array): Element {
  const subject = fieldsOf(der)[SUBJECT_FIELD];
  if (!subject) throw new DerError('x509: malformed certificate');
  return subject;
}

/** Whom a certificate in DER is about. @throws DerError */
export const readSubject = (der: Uint8Array): Name => readName(subjectOf(der));

/** When a certificate ends, in milliseconds since 1970; undefined for what is none. */
export function endOf(pem: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    // a signer may put anything there that looks like PEM
    return undefined;
  }
}

const NAMELESS = {
  country: [],
  organization: [],
  organizationalUnit: [],
  locality: [],
  province: [],
  street: [],
  postalCode: [],
  serialNumber: [],
};

/** For clusters that nobody reaches from outside: certificates have the right content and no signature. */
export const unsignedCertificates: CertificateSigner = {
  issuer: encodeName({ ...NAMELESS, commonName: ['kubernetes'] }),
  keyId: new Uint8Array(),
  until: Number.MAX_SAFE_INTEGER,
  algorithm: '1.2.840.10045.4.3.2',
  sign: () => new Uint8Array(),
};
