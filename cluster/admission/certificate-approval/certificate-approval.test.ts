import { expect, test } from '@jest/globals';
import type { CertificateSigningRequest, KubeObject } from '../../api/types.ts';
import { certificateSigning } from '../certificate-signing/index.ts';
import { admit } from '../testing.ts';
import { certificateApproval } from './index.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const GROUP = 'rbac.authorization.k8s.io';
const csr = (status?: CertificateSigningRequest['status']): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'web' },
  spec: { request: '', signerName: 'lab.example/own', usages: [] },
  ...(status ? { status } : {}),
});
/** Lets ann do `verb` for the signer. */
const grant = (verb: string, signer: string): Record<string, KubeObject[]> => {
  const rule = { apiGroups: ['certificates.k8s.io'], resources: ['signers'], verbs: [verb], resourceNames: [signer] };
  const object = (kind: string, rest: object): KubeObject => ({
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name: 'x' },
    ...rest,
  });
  return {
    [`clusterroles.${GROUP}`]: [object('ClusterRole', { rules: [rule] })],
    [`clusterrolebindings.${GROUP}`]: [
      object('ClusterRoleBinding', {
        roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'x' },
        subjects: [{ kind: 'User', name: 'ann' }],
      }),
    ],
  };
};
const decided = { conditions: [{ type: 'Approved', status: 'True' }] };
const user = { username: 'ann', groups: [] };
const write = (subresource: string) => ({
  operation: 'UPDATE' as const,
  subresource,
  object: csr(decided),
  old: csr(),
  user,
});

test.each([
  ['the signer', 'lab.example/own', true],
  ['all signers of its domain', 'lab.example/*', true],
  ['another signer', 'lab.example/other', false],
])('who is trusted with %s', (_case, signer, allowed) => {
  const told = (verb: string) =>
    `${RESOURCE} "web" is forbidden: user not permitted to ${verb} requests with signerName "lab.example/own"`;
  const approving = admit(certificateApproval, RESOURCE, write('approval'), grant('approve', signer));
  expect(approving.refusal).toBe(allowed ? undefined : told('approve'));
  const signing = admit(certificateSigning, RESOURCE, write('status'), grant('sign', signer));
  expect(signing.refusal).toBe(allowed ? undefined : told('sign'));
});

test('a status that stays is nobody\u2019s business', () => {
  const same = { ...write('status'), object: csr() };
  expect(admit(certificateSigning, RESOURCE, same).refusal).toBeUndefined();
  expect(admit(certificateApproval, RESOURCE, write('status')).refusal).toBeUndefined();
});
