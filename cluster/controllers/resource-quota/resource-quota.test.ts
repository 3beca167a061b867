import { expect, test } from '@jest/globals';
import type { ConfigMap, Pod, ResourceQuota } from '../../api/types.ts';
import { bench, make } from '../testing.ts';
import { resourceQuota } from './index.ts';

test('usage is counted when the quota comes and when objects go', () => {
  const { client, settle } = bench([resourceQuota]);
  const pod = (name: string) =>
    make<Pod>('v1', 'Pod', name, {
      spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '250m' } } }] },
    });
  client.create('pods', pod('a'));
  client.create('pods', pod('b'));
  client.create('configmaps', make<ConfigMap>('v1', 'ConfigMap', 'site'));
  const hard = { pods: '4', 'requests.cpu': '1', configmaps: '2', 'count/deployments.apps': '1' };
  client.create('resourcequotas', make<ResourceQuota>('v1', 'ResourceQuota', 'small', { spec: { hard } }));
  settle();
  const status = () => client.get<ResourceQuota>('resourcequotas', 'default', 'small')?.status;
  expect(status()).toEqual({
    hard,
    used: { pods: '2', 'requests.cpu': '500m', configmaps: '1', 'count/deployments.apps': '0' },
  });
  client.delete('pods', 'default', 'a', { gracePeriodSeconds: 0 });
  client.delete('configmaps', 'default', 'site');
  settle();
  expect(status()?.used).toMatchObject({ pods: '1', 'requests.cpu': '250m', configmaps: '0' });
});

test('a quota of nothing has an empty status', () => {
  const { client, settle } = bench([resourceQuota]);
  const quota = make<ResourceQuota>('v1', 'ResourceQuota', 'none', { spec: { hard: { pods: '1' } } });
  const created = client.create('resourcequotas', quota);
  settle();
  client.update('resourcequotas', { ...(client.get('resourcequotas', 'default', 'none') ?? created), spec: {} });
  settle();
  expect(client.get<ResourceQuota>('resourcequotas', 'default', 'none')?.status).toEqual({});
});
