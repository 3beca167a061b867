import { expect, test } from '@jest/globals';
import type { Secret } from '../../api/types.ts';
import { bench, START } from '../testing.ts';
import { tokenCleaner } from './index.ts';

const token = (name: string, expiration?: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'kube-system' },
  type: 'bootstrap.kubernetes.io/token',
  data: expiration === undefined ? {} : { expiration: Buffer.from(expiration).toString('base64') },
});

test('a bootstrap token goes when it ends', () => {
  const { client, advance, settle } = bench([tokenCleaner]);
  const names = () => client.list('secrets', 'kube-system').map(({ metadata }) => metadata.name);
  client.create('secrets', token('ended', new Date(START - 1000).toISOString()));
  client.create('secrets', token('soon', new Date(START + 60_000).toISOString()));
  client.create('secrets', token('endless'));
  settle();
  expect(names()).toEqual(['endless', 'soon']);
  advance(60_000);
  expect(names()).toEqual(['endless']);
});
