import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as k8s from '@kubernetes/client-node';
import type { ServedCluster } from '#cluster/serve/served-cluster.ts';
import { serveForClientNode } from '../support/client-node.ts';

let served: ServedCluster;
let config: k8s.KubeConfig;
let core: k8s.CoreV1Api;
let apps: k8s.AppsV1Api;
const namespace = 'js';

beforeAll(async () => {
  ({ served, config } = await serveForClientNode());
  core = config.makeApiClient(k8s.CoreV1Api);
  apps = config.makeApiClient(k8s.AppsV1Api);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
}, 30_000);

afterAll(() => served.close());

const configMap = (name: string, data: Record<string, string> = {}, labels: Record<string, string> = {}) =>
  core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels }, data } });

test('objects are created, read, listed in chunks and deleted', async () => {
  for (const name of ['one', 'three', 'two']) await configMap(name, { k: name }, { set: 'crud' });
  const read = await core.readNamespacedConfigMap({ namespace, name: 'one' });
  expect(read.data).toEqual({ k: 'one' });
  expect(read.metadata?.creationTimestamp).toBeInstanceOf(Date);
  const names: string[] = [];
  let next: string | undefined;
  do {
    const chunk: k8s.V1ConfigMapList = await core.listNamespacedConfigMap({
      namespace,
      labelSelector: 'set=crud',
      limit: 2,
      ...(next === undefined ? {} : { _continue: next }),
    });
    names.push(...chunk.items.map(({ metadata }) => metadata?.name ?? ''));
    // oxlint-disable-next-line no-underscore-dangle -- the client's name for a field that is a reserved word
    next = chunk.metadata?._continue;
  } while (next);
  expect(names).toEqual(['one', 'three', 'two']);
  await core.deleteNamespacedConfigMap({ namespace, name: 'one' });
  await expect(core.readNamespacedConfigMap({ namespace, name: 'one' })).rejects.toMatchObject({ code: 404 });
  await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'set=crud' });
  expect((await core.listNamespacedConfigMap({ namespace, labelSelector: 'set=crud' })).items).toEqual([]);
});

test('a refusal is an error with the status as its body', async () => {
  const refusal = core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'Bad_Name' } } });
  await expect(refusal).rejects.toMatchObject({ code: 422 });
  const body = await refusal.catch((error: k8s.ApiException<string>) => error.body);
  expect(body).toContain('a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters');
});

test('patches of all types', async () => {
  await configMap('patched', { a: '1', b: '2' });
  const patch = (contentType: string, body: unknown, extra: object = {}) =>
    core.patchNamespacedConfigMap(
      { namespace, name: 'patched', body, ...extra },
      k8s.setHeaderOptions('Content-Type', contentType),
    );
  const json = await patch(k8s.PatchStrategy.JsonPatch, [{ op: 'replace', path: '/data/a', value: 'one' }]);
  expect(json.data).toEqual({ a: 'one', b: '2' });
  const merged = await patch(k8s.PatchStrategy.MergePatch, { data: { b: null, c: '3' } });
  expect(merged.data).toEqual({ a: 'one', c: '3' });
  const strategic = await patch(k8s.PatchStrategy.StrategicMergePatch, { metadata: { labels: { team: 'blue' } } });
  expect(strategic.metadata?.labels).toEqual({ team: 'blue' });
  const applied = await patch(
    k8s.PatchStrategy.ServerSideApply,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { d: '4' } },
    { fieldManager: 'js-client' },
  );
  expect(applied.data).toEqual({ a: 'one', c: '3', d: '4' });
  expect(
    applied.metadata?.managedFields?.map(({ manager, operation }) => `${manager ?? ''} ${operation ?? ''}`),
  ).toContain('js-client Apply');
  const conflict = patch(
    k8s.PatchStrategy.ServerSideApply,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { a: 'mine' } },
    { fieldManager: 'js-client' },
  );
  await expect(conflict).rejects.toMatchObject({ code: 409 });
});

test('the generic client reads, creates, applies and deletes any kind', async () => {
  const client = k8s.KubernetesObjectApi.makeApiClient(config);
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'generic', namespace }, stringData: { k: 'v' } };
  await client.create(secret);
  const read = await client.read<k8s.V1Secret>({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'generic', namespace },
  });
  expect(read.data).toEqual({ k: 'dg==' });
  const listed = await client.list<k8s.V1Secret>('v1', 'Secret', namespace);
  expect(listed.items.map(({ metadata }) => metadata?.name)).toEqual(['generic']);
  await client.delete(secret);
  await expect(client.read(secret)).rejects.toMatchObject({ code: 404 });
});

test('scale, and a deployment that becomes available', async () => {
  const labels = { app: 'web' };
  await apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
      },
    },
  });
  const scale = await apps.readNamespacedDeploymentScale({ namespace, name: 'web' });
  await apps.replaceNamespacedDeploymentScale({
    namespace,
    name: 'web',
    body: Object.assign(scale, { spec: { replicas: 2 } }),
  });
  served.pass(5_000);
  const { status } = await apps.readNamespacedDeployment({ namespace, name: 'web' });
  expect(status?.availableReplicas).toBe(2);
});

test('a watch tells of changes until it is stopped', async () => {
  const told: string[] = [];
  let enough: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (enough = resolve));
  const { metadata } = await core.listNamespacedConfigMap({ namespace });
  const request = await new k8s.Watch(config).watch(
    `/api/v1/namespaces/${namespace}/configmaps`,
    { resourceVersion: metadata?.resourceVersion, labelSelector: 'watched', allowWatchBookmarks: true },
    (type: string, object: k8s.V1ConfigMap) => {
      told.push(`${type} ${object.metadata?.name ?? ''}`);
      if (type === 'DELETED') enough();
    },
    () => undefined,
  );
  await configMap('unseen');
  await configMap('seen', {}, { watched: 'yes' });
  await core.patchNamespacedConfigMap(
    { namespace, name: 'seen', body: { data: { k: 'v' } } },
    k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch),
  );
  await core.deleteNamespacedConfigMap({ namespace, name: 'seen' });
  await all;
  request.abort();
  expect(told).toEqual(['ADDED seen', 'MODIFIED seen', 'DELETED seen']);
});

test('an informer keeps a copy', async () => {
  await configMap('there', {}, { informed: 'yes' });
  const informer = k8s.makeInformer(
    config,
    `/api/v1/namespaces/${namespace}/configmaps`,
    () => core.listNamespacedConfigMap({ namespace, labelSelector: 'informed' }),
    'informed',
  );
  const told: string[] = [];
  let enough: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (enough = resolve));
  for (const event of ['add', 'update', 'delete'] as const)
    informer.on(event, ({ metadata }: k8s.V1ConfigMap) => {
      told.push(`${event} ${metadata?.name ?? ''}`);
      if (event === 'delete') enough();
    });
  await informer.start();
  await configMap('later', {}, { informed: 'yes' });
  await core.patchNamespacedConfigMap(
    { namespace, name: 'later', body: { data: { k: 'v' } } },
    k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch),
  );
  await core.deleteNamespacedConfigMap({ namespace, name: 'there' });
  await all;
  expect(told).toEqual(['add there', 'add later', 'update later', 'delete there']);
  expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['later']);
  await informer.stop();
});
