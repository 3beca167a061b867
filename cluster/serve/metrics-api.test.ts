import { expect, test } from '@jest/globals';
import type { Deployment } from '../api/types.ts';
import { Cluster } from '../cluster.ts';
import { MANIFESTS, writeNodeFile } from '../node-files.ts';
import { handle } from './api.ts';

const user = { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const PODS = '/apis/metrics.k8s.io/v1beta1/namespaces/kube-system/pods';

function ask(cluster: Cluster, path: string) {
  const [name = '', query = ''] = path.split('?');
  const request = { method: 'GET', path: name, query: new URLSearchParams(query), headers: {}, body: new Uint8Array() };
  const reply = handle(cluster, { ...request, user });
  if (reply.kind === 'list') return { code: 200, items: reply.items, object: undefined };
  if (reply.kind === 'object') return { code: reply.code, items: [], object: reply.object };
  throw new Error(`${path} answers with ${reply.kind}`);
}
const create = () => Cluster.create({ now: 1_780_000_000_000 });

test('what pods and nodes use', () => {
  const cluster = create();
  const { items } = ask(cluster, `${PODS}?labelSelector=component%3Dkube-apiserver`);
  expect(items).toMatchObject([
    {
      kind: 'PodMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { name: 'kube-apiserver-controlplane', namespace: 'kube-system' },
      window: '15s',
      containers: [
        {
          name: 'kube-apiserver',
          usage: { cpu: expect.stringMatching(/^\d+n$/), memory: expect.stringMatching(/^\d+Ki$/) },
        },
      ],
    },
  ]);
  expect(ask(cluster, '/apis/metrics.k8s.io/v1beta1/nodes').items).toHaveLength(3);
});

test('a pod that is not there', () => {
  expect(ask(create(), `${PODS}/nobody`).object).toMatchObject({
    code: 404,
    message: 'podmetrics.metrics.k8s.io "kube-system/nobody" not found',
  });
});

test('without the metrics server its API is there and does not answer; without the APIService it is not there', () => {
  const cluster = create();
  const server = cluster.store.get<Deployment>('deployments.apps', 'kube-system', 'metrics-server');
  cluster
    .client('user')
    .update('deployments.apps', { ...server, spec: { ...server?.spec, replicas: 0 } } as unknown as Deployment);
  cluster.advance(60_000);
  expect(ask(cluster, PODS).object).toMatchObject({
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'the server is currently unable to handle the request',
  });
  expect(cluster.store.get('apiservices.apiregistration.k8s.io', '', 'v1beta1.metrics.k8s.io')).toMatchObject({
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'False',
          reason: 'MissingEndpoints',
          message:
            'endpointslices for service/metrics-server in "kube-system" have no addresses with port name "https"',
        },
      ],
    },
  });
  cluster.client('user').delete('apiservices.apiregistration.k8s.io', '', 'v1beta1.metrics.k8s.io');
  const request = { method: 'GET', path: PODS, query: new URLSearchParams(), headers: {}, body: new Uint8Array() };
  expect(handle(cluster, { ...request, user })).toMatchObject({ code: 404 });
});

test('a bare cluster has no such API', () => {
  const bare = Cluster.create({ now: 1_780_000_000_000, bare: true });
  const request = { method: 'GET', path: PODS, query: new URLSearchParams(), headers: {}, body: new Uint8Array() };
  expect(handle(bare, { ...request, user })).toMatchObject({ code: 404 });
});

test('how the components are', () => {
  const cluster = create();
  const healths = () =>
    ask(cluster, '/api/v1/componentstatuses').items.map((one) => {
      const { conditions } = one as unknown as { conditions: { message: string }[] };
      return `${one.metadata.name}: ${conditions[0]?.message}`;
    });
  expect(healths()).toEqual(['scheduler: ok', 'controller-manager: ok', 'etcd-0: ok']);
  writeNodeFile(cluster.store, 'controlplane', `${MANIFESTS}/kube-scheduler.yaml`, undefined);
  cluster.advance(1000);
  expect(healths()[0]).toBe(
    'scheduler: Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused',
  );
  expect(ask(cluster, '/api/v1/componentstatuses/nobody').object).toMatchObject({
    message: 'componentstatus "nobody" not found',
  });
});
