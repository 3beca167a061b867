import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { encodedRequest } from '../../x509/testing.ts';
import type { UpdateContext } from '../kind.ts';
import { certificateSigningRequest as kind } from './certificate-signing-request.ts';

const context = (subresource: string) =>
  ({ subresource, clock: { now: () => Date.UTC(2026, 0, 1) } }) as unknown as UpdateContext;
const REQUEST = encodedRequest();
const csr = (
  spec: Partial<CertificateSigningRequest['spec']>,
  status?: CertificateSigningRequest['status'],
): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'ann' },
  spec: { request: REQUEST, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'], ...spec },
  ...(status ? { status } : {}),
});
const decided = (...types: string[]) => ({ conditions: types.map((type) => ({ type, status: 'True' })) });

// as recorded from 1.35.4
test.each<[string, Partial<CertificateSigningRequest['spec']>, string[]]>([
  ['fine', {}, []],
  [
    'no request',
    { request: 'aGVsbG8=' },
    ['spec.request: Invalid value: "aGVsbG8=": PEM block type must be CERTIFICATE REQUEST'],
  ],
  ['nobody to sign', { signerName: '' }, ['spec.signerName: Required value']],
  [
    'half a signer',
    { signerName: 'client' },
    [
      'spec.signerName: Invalid value: "client": ' +
        "must be a fully qualified domain and path of the form 'example.com/signer-name'",
    ],
  ],
  ['no use', { usages: [] }, ['spec.usages: Required value']],
])('%s', (_case, spec, sentences) => {
  expect(kind.validate?.(csr(spec), context('')).map(printFieldError)).toEqual(sentences);
});

test('an approval is dated and touches nothing else', () => {
  const old = csr({}, { certificate: 'QQ==' });
  const object = csr({}, decided('Approved'));
  kind.prepareForStatusUpdate?.(object, old, context('approval'));
  expect(object.status).toEqual({
    certificate: 'QQ==',
    conditions: [
      {
        type: 'Approved',
        status: 'True',
        lastUpdateTime: '2026-01-01T00:00:00Z',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  });
});

test.each([
  ['approved', 'approval', [], ['Approved'], []],
  ['approved in the status', 'status', [], ['Approved'], ['updates may not add a condition of type "Approved"']],
  ['forgotten', 'approval', ['Denied'], [], ['updates may not remove a condition of type "Denied"']],
])('%s', (_case, subresource, before, after, details) => {
  const old = csr({}, decided(...before));
  const errors = kind.validateStatusUpdate?.(csr({}, decided(...after)), old, context(subresource));
  expect(errors?.map(printFieldError)).toEqual(details.map((detail) => `status.conditions: Forbidden: ${detail}`));
});

test.each([
  [[], undefined, 'Pending'],
  [['Approved'], 'QQ==', 'Approved,Issued'],
  [['Approved', 'Failed'], undefined, 'Approved,Failed'],
  [['Denied'], undefined, 'Denied'],
])('kubectl prints %j as %s', (types, certificate, text) => {
  const object = csr({ username: 'ann' }, { ...decided(...types), ...(certificate ? { certificate } : {}) });
  expect(kind.cells?.(object, context(''))).toEqual([
    'ann',
    null,
    'kubernetes.io/kube-apiserver-client',
    'ann',
    '<none>',
    text,
  ]);
});
