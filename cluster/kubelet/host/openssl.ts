/** openssl, as far as certificates on a node are looked at: `x509`, `verify`, `version`. Its words are 3.0's. */
import { X509Certificate } from 'node:crypto';
import { instant, type Tool } from '../commands/tool.ts';
import { FileError } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';

const VERSION = 'OpenSSL 3.0.13 30 Jan 2024 (Library: OpenSSL 3.0.13 30 Jan 2024)\n';
const WITH_VALUE: ReadonlySet<string> = new Set(['-in', '-checkend', '-CAfile', '-inform', '-out', '-ext', '-nameopt']);

/** `CN=a\nO=b`, as Node has it, in one line: `O = b, CN = a`. */
const nameText = (name: string): string =>
  name
    .split('\n')
    .map((part) => part.replace('=', ' = '))
    .join(', ');

interface Asked {
  on: ReadonlySet<string>;
  values: ReadonlyMap<string, string>;
  words: string[];
}

function read(args: readonly string[]): Asked {
  const on = new Set<string>();
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (WITH_VALUE.has(word)) values.set(word, args[++at] ?? '');
    else if (word.startsWith('-')) on.add(word);
    else words.push(word);
  }
  return { on, values, words };
}

/** The certificate in a file; undefined: there is none, which has been said. */
function certificateIn(tool: Tool, path: string, complains: boolean): X509Certificate | undefined {
  try {
    return new X509Certificate(tool.box.files.read(tool.path(path)));
  } catch (error) {
    if (complains) {
      const why =
        error instanceof FileError
          ? `Could not open file or uri for loading certificate from ${path}: ${error.message}`
          : `Could not read certificate from ${path}`;
      tool.context.io.stderr.write(`${why}\nUnable to load certificate\n`);
    }
    return undefined;
  }
}

function text(certificate: X509Certificate): string {
  const { serialNumber, issuer, subject, validFrom, validTo, publicKey, subjectAltName, ca } = certificate;
  // where a certificate says nothing of it this is undefined, whatever its type says
  const keyUsage = (certificate.keyUsage as string[] | undefined) ?? [];
  const elliptic = publicKey.asymmetricKeyType === 'ec';
  const uses = keyUsage.map(
    (usage) =>
      ({ '1.3.6.1.5.5.7.3.1': 'TLS Web Server Authentication', '1.3.6.1.5.5.7.3.2': 'TLS Web Client Authentication' })[
        usage
      ] ?? usage,
  );
  return [
    'Certificate:',
    '    Data:',
    '        Version: 3 (0x2)',
    `        Serial Number: ${BigInt(`0x${serialNumber}`)} (0x${serialNumber.toLowerCase().replace(/^0+/, '')})`,
    `        Signature Algorithm: ${elliptic ? 'ecdsa-with-SHA256' : 'sha256WithRSAEncryption'}`,
    `        Issuer: ${nameText(issuer)}`,
    '        Validity',
    `            Not Before: ${validFrom}`,
    `            Not After : ${validTo}`,
    `        Subject: ${nameText(subject)}`,
    '        Subject Public Key Info:',
    `            Public Key Algorithm: ${elliptic ? 'id-ecPublicKey' : 'rsaEncryption'}`,
    '        X509v3 extensions:',
    ...(uses.length > 0 ? ['            X509v3 Extended Key Usage: ', `                ${uses.join(', ')}`] : []),
    '            X509v3 Basic Constraints: critical',
    `                CA:${ca ? 'TRUE' : 'FALSE'}`,
    ...(subjectAltName === undefined
      ? []
      : ['            X509v3 Subject Alternative Name: ', `                ${subjectAltName}`]),
    '',
  ].join('\n');
}

function x509(tool: Tool, { on, values }: Asked): number {
  const certificate = certificateIn(tool, values.get('-in') ?? '/dev/stdin', true);
  if (certificate === undefined) return 1;
  const { validFrom, validTo, subject, issuer, serialNumber, fingerprint256 } = certificate;
  if (on.has('-text')) tool.out(text(certificate));
  if (on.has('-subject')) tool.out(`subject=${nameText(subject)}\n`);
  if (on.has('-issuer')) tool.out(`issuer=${nameText(issuer)}\n`);
  if (on.has('-serial')) tool.out(`serial=${serialNumber}\n`);
  if (on.has('-startdate') || on.has('-dates')) tool.out(`notBefore=${validFrom}\n`);
  if (on.has('-enddate') || on.has('-dates')) tool.out(`notAfter=${validTo}\n`);
  if (on.has('-fingerprint')) tool.out(`sha256 Fingerprint=${fingerprint256}\n`);
  const seconds = values.get('-checkend');
  if (seconds !== undefined) {
    const expires = Date.parse(validTo) < tool.box.now() + Number(seconds) * 1000;
    tool.out(expires ? 'Certificate will expire\n' : 'Certificate will not expire\n');
    if (expires) return 1;
  }
  if (!on.has('-noout')) tool.out(certificate.toString());
  return 0;
}

function verify(tool: Tool, { values, words }: Asked): number {
  const authority = certificateIn(tool, values.get('-CAfile') ?? '', true);
  if (authority === undefined) return 1;
  for (const word of words) {
    const certificate = certificateIn(tool, word, true);
    if (certificate === undefined) return 1;
    if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
      tool.context.io.stderr.write(
        `${nameText(certificate.subject)}\nerror 20 at 0 depth lookup: unable to get local issuer certificate\nerror ${word}: verification failed\n`,
      );
      return 2;
    }
    tool.out(`${word}: OK\n`);
  }
  return 0;
}

export const OPENSSL: Readonly<Record<string, Program>> = {
  openssl: instant((tool) => {
    const [verb = '', ...rest] = tool.args;
    const asked = read(rest);
    if (verb === 'version') tool.out(VERSION);
    else if (verb === 'x509') return x509(tool, asked);
    else if (verb === 'verify') return verify(tool, asked);
    else {
      tool.context.io.stderr.write(`Invalid command '${verb}'; type "help" for a list.\n`);
      return 1;
    }
  }),
};
