/**
 * Why a certificate and a key do not belong together, in the words of Go's crypto/tls: the server warns with them and stores
 * the Secret all the same.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';

interface Block {
  type: string;
  text: string;
}

const BLOCK = /-----BEGIN ([^-\n]+)-----\s*\n[A-Za-z0-9+/=\s]*-----END \1-----/g;

const blocksOf = (encoded: string): Block[] =>
  [...Buffer.from(encoded, 'base64').toString('latin1').matchAll(BLOCK)].map(([text, type = '']) => ({ type, text }));

/** As Go prints a list of strings with %v. */
const list = (blocks: readonly Block[]) => `[${blocks.map(({ type }) => type).join(' ')}]`;
const isKey = ({ type }: Block) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY');

function certificateProblem(blocks: readonly Block[]): string | undefined {
  if (blocks.some(({ type }) => type === 'CERTIFICATE')) return undefined;
  if (blocks.length === 0) return 'tls: failed to find any PEM data in certificate input';
  if (blocks.length === 1 && blocks[0]?.type.endsWith('PRIVATE KEY')) {
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  }
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${list(blocks)}`;
}

function keyProblem(blocks: readonly Block[]): string | undefined {
  if (blocks.some(isKey)) return undefined;
  if (blocks.length === 0) return 'tls: failed to find any PEM data in key input';
  if (blocks.length === 1 && blocks[0]?.type === 'CERTIFICATE') {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${list(blocks)}`;
}

/** undefined: not what its block says it is. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined; // which byte is wrong OpenSSL and Go tell in words of their own
  }
}

/** Both in base64. undefined: they belong together. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const certificates = blocksOf(certificate);
  const noCertificate = certificateProblem(certificates);
  if (noCertificate !== undefined) return noCertificate;
  const keys = blocksOf(key);
  const noKey = keyProblem(keys);
  if (noKey !== undefined) return noKey;

  const leaf = parsed(() => new X509Certificate(certificates.find(({ type }) => type === 'CERTIFICATE')?.text ?? ''));
  if (!leaf) return 'x509: malformed certificate';
  const secret = parsed(() => createPrivateKey(keys.find(isKey)?.text ?? ''));
  if (!secret) return 'tls: failed to parse private key';
  const own = createPublicKey(secret);
  if (own.asymmetricKeyType !== leaf.publicKey.asymmetricKeyType)
    return 'tls: private key type does not match public key type';
  return own.equals(leaf.publicKey) ? undefined : 'tls: private key does not match public key';
}
