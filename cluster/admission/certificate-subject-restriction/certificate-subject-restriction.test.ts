import { expect, test } from '@jest/globals';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { encodedRequest } from '../../x509/testing.ts';
import { admit } from '../testing.ts';
import { certificateSubjectRestriction } from './index.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const csr = (request: string): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'mallory' },
  spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
});
test.each([
  ['devs', undefined],
  [
    'system:masters',
    `${RESOURCE} "mallory" is forbidden: ` +
      'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
  ],
])('a certificate for %s', (group, refusal) => {
  expect(
    admit(certificateSubjectRestriction, RESOURCE, { object: csr(encodedRequest({ organization: [group] })) }).refusal,
  ).toBe(refusal);
});
