/** Certificate requests (PKCS #10, RFC 2986), read. What is wrong with one is said in the words of Go's parser. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { decodePem, DerError, objectId, readAll, readElement, TAG, type Element } from './der.ts';
import { readName, type Name } from './name.ts';

export interface CertificateRequest {
  subject: Name;
  /** The key in DER, as SubjectPublicKeyInfo. */
  publicKey: Uint8Array;
  dnsNames: string[];
  emails: string[];
  /** As bytes: 4 or 16. */
  addresses: Uint8Array[];
  uris: string[];
  /** Why the signature does not hold; undefined: it does. */
  signatureProblem: string | undefined;
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

/** Digests by the object identifiers of signature algorithms; null: the key decides. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};
const INSECURE: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.5': 'SHA1-RSA',
  '1.2.840.10045.4.1': 'ECDSA-SHA1',
};
const FAILURES: Readonly<Record<string, string>> = {
  rsa: 'crypto/rsa: verification error',
  ec: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
};

function signatureProblem(
  body: Uint8Array,
  algorithm: string,
  signature: Uint8Array,
  key: KeyObject,
): string | undefined {
  const insecure = INSECURE[algorithm];
  if (insecure !== undefined) return `x509: cannot verify signature: insecure algorithm ${insecure}`;
  const digest = DIGESTS[algorithm];
  if (digest === undefined) return 'x509: cannot verify signature: algorithm unimplemented';
  if (verify(digest, body, key, signature)) return undefined;
  return FAILURES[key.asymmetricKeyType ?? ''] ?? 'x509: cannot verify signature: algorithm unimplemented';
}

/** [dNSName and others of the extension], by their context tags. */
function alternativeNames(extensions: readonly Element[]): Element[] {
  for (const extension of extensions) {
    const parts = readAll(extension.content);
    const [id] = parts;
    const value = parts.at(-1);
    if (!id || !value || objectId(id) !== SUBJECT_ALTERNATIVE_NAME) continue;
    return readAll(readElement(value.content).content);
  }
  return [];
}

function extensionsOf(attributes: Element | undefined): Element[] {
  return (attributes ? readAll(attributes.content) : []).flatMap((attribute) => {
    const [id, values] = readAll(attribute.content);
    if (!id || !values || objectId(id) !== EXTENSION_REQUEST) return [];
    return readAll(values.content).flatMap((list) => readAll(list.content));
  });
}

function parse(der: Uint8Array): CertificateRequest {
  const whole = readElement(der);
  if (whole.tag !== TAG.sequence) {
    throw new DerError(
      "asn1: structure error: tags don't match (16 vs {class:0 tag:" +
        `${whole.tag & 0x1f} length:${whole.content.length} isCompound:${(whole.tag & 0x20) > 0}}) {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} certificateRequest @2`,
    );
  }
  if (whole.raw.length < der.length) throw new DerError('asn1: syntax error: trailing data');
  const [body, algorithm, signature] = readAll(whole.content);
  const [, subject, publicKey, attributes] = body ? readAll(body.content) : [];
  const [algorithmId] = algorithm ? readAll(algorithm.content) : [];
  if (!body || !algorithmId || !signature || !subject || !publicKey) {
    throw new DerError('asn1: syntax error: sequence truncated');
  }
  const names = alternativeNames(extensionsOf(attributes));
  const texts = (tag: number) =>
    names.filter((one) => one.tag === tag).map(({ content }) => Buffer.from(content).toString('latin1'));
  const key = createPublicKey({ key: Buffer.from(publicKey.raw), format: 'der', type: 'spki' });
  return {
    subject: readName(subject),
    publicKey: publicKey.raw,
    emails: texts(0x81),
    dnsNames: texts(0x82),
    uris: texts(0x86),
    addresses: names.filter(({ tag }) => tag === 0x87).map(({ content }) => content),
    signatureProblem: signatureProblem(body.raw, objectId(algorithmId), signature.content.subarray(1), key),
  };
}

/** `pem` as text. The request, or what is wrong with it. */
export function parseRequest(pem: string): CertificateRequest | { problem: string } {
  const block = decodePem(pem);
  if (block?.label !== 'CERTIFICATE REQUEST') return { problem: 'PEM block type must be CERTIFICATE REQUEST' };
  try {
    return parse(block.bytes);
  } catch (error) {
    if (error instanceof DerError) return { problem: error.message };
    // a key that OpenSSL cannot read
    return { problem: 'x509: unsupported elliptic curve' };
  }
}
