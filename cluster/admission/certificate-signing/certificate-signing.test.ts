import { expect, test } from '@jest/globals';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { certificateSigning } from './index.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const csr = (status: CertificateSigningRequest['status'] = {}): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'web' },
  spec: { request: '', signerName: 'lab.example/own', usages: [] },
  status,
});
const nobody = { username: 'ann', groups: [] };
const master = { username: 'root', groups: ['system:masters'] };
const REFUSED = `${RESOURCE} "web" is forbidden: user not permitted to sign requests with signerName "lab.example/own"`;

test.each([
  ['a certificate', { certificate: 'Y2VydA==' }, nobody, REFUSED],
  ['a certificate by a master', { certificate: 'Y2VydA==' }, master, undefined],
  ['a condition', { conditions: [{ type: 'Failed', status: 'True' }] }, nobody, REFUSED],
  ['nothing new', {}, nobody, undefined],
])('%s in the status', (_case, status, user, expected) => {
  const request = { operation: 'UPDATE' as const, subresource: 'status', object: csr(status), old: csr(), user };
  expect(admit(certificateSigning, RESOURCE, request).refusal).toBe(expected);
});

test('what is no status is not its business', () => {
  const request = { operation: 'UPDATE' as const, object: csr({ certificate: 'Y2VydA==' }), old: csr(), user: nobody };
  expect(admit(certificateSigning, RESOURCE, request).refusal).toBeUndefined();
});
