/** A certificate authority of one's own for each cluster, and the certificates it signs. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** PEM texts. */
export interface KeyPair {
  certificate: string;
  key: string;
}

export interface Authority {
  /** PEM of the authority's certificate. */
  certificate: string;
  /** For a server: names and addresses it answers to. */
  server(hosts: readonly string[]): Promise<KeyPair>;
  /** For a client: the user is the common name, its groups the organizations. */
  client(user: string, groups: readonly string[]): Promise<KeyPair>;
  /** PEM texts from which `loadAuthority` makes the same authority. */
  keyPair: KeyPair;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;
/** kubeadm's own lifetimes: ten years for the authority, one for what it signs. */
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;

x509.cryptoProvider.set(webcrypto as Crypto);

const pem = (label: string, bytes: ArrayBuffer): string => x509.PemConverter.encode(bytes, label);
const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
const privatePem = async (key: webcrypto.CryptoKey) =>
  pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));
const serial = () => `01${randomBytes(8).toString('hex')}`;
const validity = (now: number, days: number) => ({
  // an hour back: clocks of one machine's sandboxes agree, those of a learner's laptop after sleep may not
  notBefore: new Date(now - DAY_MS / 24),
  notAfter: new Date(now + days * DAY_MS),
});

export async function createAuthority(now: number): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=kubernetes',
    ...validity(now, AUTHORITY_DAYS),
    keys: keys as CryptoKeyPair,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      // as kubeadm's
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as CryptoKey),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'kubernetes' }]),
    ],
  });
  return authority(certificate, keys.privateKey, await privatePem(keys.privateKey), now);
}

export async function loadAuthority({ certificate, key }: KeyPair, now: number): Promise<Authority> {
  const [der] = x509.PemConverter.decode(key);
  if (!der) throw new Error('the authority has no private key');
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
  return authority(new x509.X509Certificate(certificate), privateKey, key, now);
}

function authority(own: x509.X509Certificate, signingKey: webcrypto.CryptoKey, ownKey: string, now: number): Authority {
  const sign = async (
    subject: x509.JsonName,
    usage: x509.ExtendedKeyUsage,
    names: x509.JsonGeneralNames,
  ): Promise<KeyPair> => {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject,
      issuer: own.subject,
      ...validity(now, LEAF_DAYS),
      publicKey: keys.publicKey as CryptoKey,
      signingKey: signingKey as CryptoKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { certificate: certificate.toString('pem'), key: await privatePem(keys.privateKey) };
  };
  return {
    certificate: own.toString('pem'),
    keyPair: { certificate: own.toString('pem'), key: ownKey },
    server: (hosts) =>
      sign(
        [{ CN: ['kube-apiserver'] }],
        x509.ExtendedKeyUsage.serverAuth,
        hosts.map((value) => ({ type: isIP(value) > 0 ? 'ip' : 'dns', value })),
      ),
    client: (user, groups) =>
      sign([...groups.map((group) => ({ O: [group] })), { CN: [user] }], x509.ExtendedKeyUsage.clientAuth, []),
  };
}
