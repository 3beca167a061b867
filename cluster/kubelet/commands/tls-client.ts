/** Whether a client believes a server's certificate, in OpenSSL's words. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

export interface Trust {
  /** PEM of the authorities that are believed; '' for those of the system, which know nobody here. */
  authorities: string;
}

export function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).flatMap((one) => {
    try {
      return [new X509Certificate(one)];
    } catch {
      // what is no certificate vouches for nobody
      return [];
    }
  });
}

const names = (certificate: X509Certificate): string => certificate.subjectAltName ?? '';

/** Some server of this cluster's own without a certificate: as one that nobody has signed. */
const UNKNOWN = 'unable to get local issuer certificate';

/** Why not; undefined: it is believed. */
export function certificateProblem(pem: string, host: string, trust: Trust, nowMs: number): string | undefined {
  const [leaf] = certificatesIn(pem);
  if (leaf === undefined) return UNKNOWN;
  const authorities = certificatesIn(trust.authorities);
  const issuer = authorities.find((one) => leaf.checkIssued(one) && leaf.verify(one.publicKey));
  if (issuer === undefined && !authorities.some((one) => one.fingerprint256 === leaf.fingerprint256)) {
    return leaf.issuer === leaf.subject ? 'self-signed certificate' : UNKNOWN;
  }
  if (nowMs > Date.parse(leaf.validTo)) return 'certificate has expired';
  if (nowMs < Date.parse(leaf.validFrom) - 60_000) return 'certificate is not yet valid';
  const matches = isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' });
  if (matches !== undefined) return undefined;
  const kind = isIP(host) ? 'ipv4 address' : 'host name';
  return names(leaf) === '' && !isIP(host)
    ? `certificate subject name '${commonName(leaf.subject)}' does not match target ${kind} '${host}'`
    : `no alternative certificate subject name matches target ${kind} '${host}'`;
}

export const commonName = (subject: string): string => /CN=([^\n,]+)/.exec(subject)?.[1] ?? '';
/** `C=DE, O=Example, CN=web` */
export const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ');
