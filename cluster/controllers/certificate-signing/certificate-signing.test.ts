import { expect, test } from '@jest/globals';
import type { CertificateSigningRequest } from '../../api/types.ts';
import { endOf, unsignedCertificates } from '../../x509/certificate.ts';
import { encodedRequest, type RequestOptions } from '../../x509/testing.ts';
import { certificateApproving } from '../certificate-approving/index.ts';
import { certificateCleaner } from '../certificate-cleaner/index.ts';
import { bench, START } from '../testing.ts';
import { certificateSigning } from './index.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const HOUR_MS = 3_600_000;
const CLIENT = 'kubernetes.io/kube-apiserver-client';
const KUBELET = { organization: ['system:nodes'], commonName: 'system:node:node07' };

type Spec = Partial<NonNullable<CertificateSigningRequest['spec']>>;

function ask(request: RequestOptions, spec: Spec, decision?: 'Approved' | 'Denied') {
  const cluster = bench([...certificateSigning(unsignedCertificates), certificateApproving, certificateCleaner]);
  const { client } = cluster;
  const object: CertificateSigningRequest = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'ann' },
    spec: { request: encodedRequest(request), signerName: CLIENT, usages: ['client auth'], ...spec },
  };
  const stored = client.create(RESOURCE, object);
  if (decision) {
    const lastUpdateTime = new Date(START).toISOString();
    client.updateStatus<CertificateSigningRequest>(RESOURCE, {
      ...stored,
      status: { conditions: [{ type: decision, status: 'True', lastUpdateTime }] },
    });
  }
  cluster.settle();
  const status = () => client.get<CertificateSigningRequest>(RESOURCE, '', 'ann')?.status;
  return { ...cluster, status };
}

const failed = (status: CertificateSigningRequest['status']) =>
  status?.conditions?.find(({ type }) => type === 'Failed')?.message;

test.each([
  ['a year when nobody says', undefined, 365 * 24 * HOUR_MS - 300_000],
  ['as long as asked', 24 * 3600, 24 * HOUR_MS - 300_000],
  ['a short time to the end', 3600, HOUR_MS],
  ['never longer than a year', 2 ** 30, 365 * 24 * HOUR_MS - 300_000],
])('what is approved is issued for %s', (_case, expirationSeconds, ms) => {
  const { status } = ask({}, expirationSeconds === undefined ? {} : { expirationSeconds }, 'Approved');
  const certificate = Buffer.from(status()?.certificate ?? '', 'base64').toString();
  expect(endOf(certificate)).toBe(START + ms);
});

test.each<[string, RequestOptions, Spec, string | undefined]>([
  ['a server', {}, { usages: ['server auth'] }, 'invalid usage for client certificate: server auth'],
  ['no client', {}, { usages: ['key encipherment'] }, 'missing required usage for client certificate: client auth'],
  [
    'a kubelet of nobody',
    {},
    { signerName: 'kubernetes.io/kubelet-serving', usages: ['digital signature', 'server auth'] },
    'subject organization is not system:nodes',
  ],
  [
    'a kubelet without a name to serve',
    KUBELET,
    { signerName: 'kubernetes.io/kubelet-serving', usages: ['digital signature', 'server auth'] },
    'DNS or IP subjectAltName is required',
  ],
  [
    'a kubelet that serves',
    { ...KUBELET, dnsNames: ['node07'] },
    { signerName: 'kubernetes.io/kubelet-serving', usages: ['digital signature', 'server auth'] },
    undefined,
  ],
  [
    'a kubelet that serves in its own way',
    { ...KUBELET, dnsNames: ['node07'] },
    { signerName: 'kubernetes.io/kubelet-serving', usages: ['server auth'] },
    'usages did not match [digital signature key encipherment server auth]',
  ],
  [
    'a kubelet with names',
    { ...KUBELET, dnsNames: ['node07'] },
    { signerName: 'kubernetes.io/kube-apiserver-client-kubelet', usages: ['digital signature', 'client auth'] },
    'DNS subjectAltNames are not allowed',
  ],
])('for %s', (_case, request, spec, problem) => {
  const { status } = ask(request, spec, 'Approved');
  expect(failed(status())).toBe(problem);
  expect(status()?.certificate === undefined).toBe(problem !== undefined);
});

test.each<[string, Spec, 'Approved' | 'Denied' | undefined]>([
  ['undecided', {}, undefined],
  ['denied', {}, 'Denied'],
  ['for another signer', { signerName: 'lab.example/own' }, 'Approved'],
])('what is %s stays as it is', (_case, spec, decision) => {
  const { status } = ask({}, spec, decision);
  expect(status()?.certificate).toBeUndefined();
  expect(failed(status())).toBeUndefined();
});

test.each<[string, Spec, string[], string | undefined]>([
  [
    'its node may',
    { username: 'system:node:node07' },
    ['system:masters'],
    'Auto approving self kubelet client certificate after SubjectAccessReview.',
  ],
  [
    'another may',
    { username: 'bootstrapper' },
    ['system:masters'],
    'Auto approving kubelet client certificate after SubjectAccessReview.',
  ],
  ['nobody may', { username: 'bootstrapper' }, [], undefined],
])('a kubelet\u2019s request is approved when %s', (_case, spec, groups, message) => {
  const kubelet = {
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    usages: ['digital signature', 'client auth'],
  };
  const { status } = ask(KUBELET, { ...kubelet, ...spec, groups });
  expect(status()?.conditions?.[0]?.message).toBe(message);
  expect(status()?.certificate === undefined).toBe(message === undefined);
});

test.each<['Approved' | 'Denied' | undefined, number]>([
  ['Approved', 2],
  ['Denied', 2],
  [undefined, 25],
])('a request that is %s goes after %s hours', (decision, hours) => {
  const { status, advance, client } = ask({}, {}, decision);
  advance((hours - 1) * HOUR_MS - 1);
  expect(client.list(RESOURCE)).toHaveLength(1);
  advance(2 * HOUR_MS);
  expect(status()).toBeUndefined();
  expect(client.list(RESOURCE)).toEqual([]);
});
