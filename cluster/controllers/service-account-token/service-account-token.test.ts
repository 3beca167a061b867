import { expect, test } from '@jest/globals';
import { TOKEN_SECRET, unsigned } from '../../access/tokens.ts';
import type { Secret, ServiceAccount } from '../../api/types.ts';
import { bench, make } from '../testing.ts';
import { serviceAccountToken } from './index.ts';

const controller = serviceAccountToken({ signer: unsigned, caCertificate: 'PEM' });
const secret = (name: string, account: string): Secret => ({
  ...make<Secret>('v1', 'Secret', name, { type: TOKEN_SECRET }),
  metadata: { name, namespace: 'default', annotations: { 'kubernetes.io/service-account.name': account } },
});
const text = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString();

test('a token Secret is filled, and goes with its account', () => {
  const { client, settle } = bench([controller]);
  const account = client.create('serviceaccounts', make<ServiceAccount>('v1', 'ServiceAccount', 'bot'));
  client.create('secrets', secret('token', 'bot'));
  settle();
  const filled = client.get<Secret>('secrets', 'default', 'token');
  const uid = account.metadata.uid ?? '';
  expect(filled?.metadata.annotations).toEqual({
    'kubernetes.io/service-account.name': 'bot',
    'kubernetes.io/service-account.uid': uid,
  });
  expect(text(filled?.data?.['ca.crt'])).toBe('PEM');
  expect(text(filled?.data?.['namespace'])).toBe('default');
  expect(JSON.parse(Buffer.from(text(filled?.data?.['token']).split('.')[1] ?? '', 'base64url').toString())).toEqual({
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': 'default',
    'kubernetes.io/serviceaccount/secret.name': 'token',
    'kubernetes.io/serviceaccount/service-account.name': 'bot',
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: 'system:serviceaccount:default:bot',
  });
  client.delete('serviceaccounts', 'default', 'bot');
  settle();
  expect(client.get('secrets', 'default', 'token')).toBeUndefined();
});

test('a token Secret of nobody goes; other Secrets stay', () => {
  const { client, settle } = bench([controller]);
  client.create('secrets', secret('stray', 'ghost'));
  client.create('secrets', { ...secret('plain', 'ghost'), type: 'Opaque' });
  settle();
  expect(client.list('secrets').map(({ metadata }) => metadata.name)).toEqual(['plain']);
});

test('an account forgets a token Secret that is gone', () => {
  const { client, settle } = bench([controller]);
  const listed = { secrets: [{ name: 'token' }, { name: 'other' }] };
  client.create('serviceaccounts', make<ServiceAccount>('v1', 'ServiceAccount', 'bot', listed));
  client.create('secrets', secret('token', 'bot'));
  settle();
  client.delete('secrets', 'default', 'token');
  settle();
  expect(client.get<ServiceAccount>('serviceaccounts', 'default', 'bot')?.secrets).toEqual([{ name: 'other' }]);
});
