import { expect, test } from '@jest/globals';
import type { ConfigMap, Secret } from '../../api/types.ts';
import { bench } from '../testing.ts';
import { bootstrapSigner } from './index.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const token = (id: string, data: Record<string, string> = {}): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
  type: 'bootstrap.kubernetes.io/token',
  data: Object.fromEntries(
    Object.entries({
      'token-id': id,
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-signing': 'true',
      ...data,
    }).map(([key, value]) => [key, base64(value)]),
  ),
});

test('cluster-info is signed with the tokens that may sign, for as long as they are there', () => {
  const { client, settle } = bench([bootstrapSigner]);
  const data = () => client.get<ConfigMap>('configmaps', 'kube-public', 'cluster-info')?.data;
  const info: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cluster-info', namespace: 'kube-public' },
    data: { kubeconfig: 'hello', 'jws-kubeconfig-gone00': 'x' },
  };
  client.create('configmaps', info);
  client.create('secrets', token('lab123'));
  client.create('secrets', token('silent', { 'usage-bootstrap-signing': 'false' }));
  settle();
  expect(data()).toEqual({
    kubeconfig: 'hello',
    // as a real 1.35.4 signs it
    'jws-kubeconfig-lab123': 'eyJhbGciOiJIUzI1NiIsImtpZCI6ImxhYjEyMyJ9..93XZtBz1kc4ZlHciIfET0HgkGv-Wg4LqLE_X1d3XHiE',
  });
  client.delete('secrets', 'kube-system', 'bootstrap-token-lab123');
  settle();
  expect(data()).toEqual({ kubeconfig: 'hello' });
});
