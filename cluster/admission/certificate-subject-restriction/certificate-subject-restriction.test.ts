import { expect, test } from '@jest/globals';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { certificateSubjectRestriction } from './index.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const csr = (request: string): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'mallory' },
  spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
});
/** A subject with one organization, as DER has it. */
const forGroup = (group: string): string => {
  const der = Buffer.concat([Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, group.length]), Buffer.from(group)]);
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  return Buffer.from(pem).toString('base64');
};

test.each([
  ['devs', undefined],
  [
    'system:masters',
    `${RESOURCE} "mallory" is forbidden: ` +
      'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
  ],
])('a certificate for %s', (group, refusal) => {
  expect(admit(certificateSubjectRestriction, RESOURCE, { object: csr(forGroup(group)) }).refusal).toBe(refusal);
});
