import { expect, test } from '@jest/globals';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { certificateRequester } from './index.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const csr = (request: string): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'mallory' },
  spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'], username: 'root' },
});
test('the author is who is logged in', () => {
  const user = { username: 'ann', groups: ['devs'] };
  expect(admit(certificateRequester, RESOURCE, { object: csr('AAAA'), user }).object).toMatchObject({
    spec: { username: 'ann', groups: ['devs'] },
  });
});
