import { createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { encodeTime, objectId, encodeObjectId, readElement, encodeBits, encodeInteger } from './der.ts';
import { endOf, issue, readSubject, unsignedCertificates, type CertificateSigner } from './certificate.ts';
import { parseRequest, type CertificateRequest } from './request.ts';
import { makeRequest } from './testing.ts';

const NOW = Date.UTC(2026, 0, 31, 9);
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer: CertificateSigner = { ...unsignedCertificates, sign: (bytes) => sign('sha256', bytes, privateKey) };

const parsed = (pem: string): CertificateRequest => {
  const request = parseRequest(pem);
  if ('problem' in request) throw new Error(request.problem);
  return request;
};

test('a certificate says what was asked for', () => {
  const request = parsed(makeRequest({ commonName: 'ann', organization: ['dev', 'ops'], dnsNames: ['a.example'] }));
  expect(request.signatureProblem).toBeUndefined();
  const pem = issue(request, signer, {
    serial: 'ff'.repeat(16),
    from: NOW,
    until: NOW + 3_600_000,
    usages: ['client auth', 'digital signature', 'key encipherment'],
  });
  const certificate = new X509Certificate(pem);
  expect(certificate.verify(createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })))).toBe(true);
  expect(certificate.issuer).toBe('CN=kubernetes');
  expect(certificate.serialNumber).toBe('FF'.repeat(16));
  expect(certificate.subjectAltName).toBe('DNS:a.example');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(certificate.ca).toBe(false);
  expect(Date.parse(certificate.validFrom)).toBe(NOW);
  expect(endOf(pem)).toBe(NOW + 3_600_000);
  const { commonName, organization } = readSubject(certificate.raw);
  expect([commonName, organization]).toEqual([['ann'], ['dev', 'ops']]);
});

test.each([
  ['nothing', '', 'PEM block type must be CERTIFICATE REQUEST'],
  ['another thing', '-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n', 'PEM block type must be CERTIFICATE REQUEST'],
  [
    'half a request',
    '-----BEGIN CERTIFICATE REQUEST-----\nMIICcDCC\n-----END CERTIFICATE REQUEST-----\n',
    'asn1: syntax error: data truncated',
  ],
])('%s is no request', (_case, pem, problem) => {
  expect(parseRequest(pem)).toEqual({ problem });
});

test('a request that was changed is not signed by its key', () => {
  const pem = makeRequest({ commonName: 'ann' });
  const changed = Buffer.from(pem.replaceAll(/-----[^-]+-----|\n/g, ''), 'base64');
  changed.write('eve', changed.indexOf('ann'));
  const text = `-----BEGIN CERTIFICATE REQUEST-----\n${changed.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  expect(parsed(text).signatureProblem).toBe('x509: ECDSA verification failure');
});

test.each(['2.5.4.3', '1.2.840.10045.4.3.2', '2.16.840.1.113730.4.1', '1.3.101.112'])('%s comes back', (id) => {
  expect(objectId(readElement(encodeObjectId(id)))).toBe(id);
});

test.each([
  ['a time of this half century', encodeTime(NOW), '170d3236303133313039303030305a'],
  ['a time after it', encodeTime(Date.UTC(2050, 0, 1)), '180f32303530303130313030303030305a'],
  ['bits', encodeBits(0b101), '030205a0'],
  ['a number that would be negative', encodeInteger('80'), '02020080'],
])('%s', (_case, bytes, hex) => {
  expect(Buffer.from(bytes).toString('hex')).toBe(hex);
});
