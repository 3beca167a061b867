/** The JavaScript client, unmodified, with the resources of a CustomResourceDefinition; and Gateway API from its fixture. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as k8s from '@kubernetes/client-node';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { ServedCluster } from '#cluster/serve/served-cluster.ts';
import { serveForClientNode } from '../support/client-node.ts';

let served: ServedCluster;
let config: k8s.KubeConfig;
let custom: k8s.CustomObjectsApi;
const routes = { group: 'gateway.networking.k8s.io', version: 'v1', namespace: 'default', plural: 'httproutes' };

beforeAll(async () => {
  ({ served, config } = await serveForClientNode());
  custom = config.makeApiClient(k8s.CustomObjectsApi);
  const extensions = config.makeApiClient(k8s.ApiextensionsV1Api);
  const text = readFileSync(new URL('../conformance/fixtures/gateway-api.yaml', import.meta.url), 'utf8');
  for (const document of parseAllDocuments(text))
    await extensions.createCustomResourceDefinition({ body: document.toJS() as k8s.V1CustomResourceDefinition });
}, 30_000);
afterAll(() => served.close());

const route = (name: string) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name },
  spec: { parentRefs: [{ name: 'web' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] },
});
interface Route {
  metadata: { name: string };
  spec: { hostnames?: string[]; rules: { matches: object[]; backendRefs: { weight: number }[] }[] };
}

test('custom objects are created with defaults, listed, patched, replaced and deleted', async () => {
  const created = (await custom.createNamespacedCustomObject({ ...routes, body: route('a') })) as Route;
  expect(created.spec.rules[0]).toMatchObject({
    matches: [{ path: { type: 'PathPrefix', value: '/' } }],
    backendRefs: [{ weight: 1 }],
  });
  const patch = [{ op: 'add', path: '/spec/hostnames', value: ['a.example.com'] }];
  const patched = (await custom.patchNamespacedCustomObject({ ...routes, name: 'a', body: patch })) as Route;
  expect(patched.spec.hostnames).toEqual(['a.example.com']);
  const list = (await custom.listNamespacedCustomObject(routes)) as { items: Route[] };
  expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a']);
  const replaced = { ...patched, spec: { ...patched.spec, hostnames: ['b.example.com'] } };
  await custom.replaceNamespacedCustomObject({ ...routes, name: 'a', body: replaced });
  await expect(custom.replaceNamespacedCustomObject({ ...routes, name: 'a', body: patched })).rejects.toMatchObject({
    code: 409,
  });
  await custom.deleteNamespacedCustomObject({ ...routes, name: 'a' });
  await expect(custom.getNamespacedCustomObject({ ...routes, name: 'a' })).rejects.toMatchObject({ code: 404 });
});

test('a rule that is broken is told in the words of its message', async () => {
  const body = { ...route('bad'), spec: { rules: [{ backendRefs: [{ name: 'web' }] }] } };
  const refusal = custom.createNamespacedCustomObject({ ...routes, body });
  await expect(refusal).rejects.toMatchObject({ code: 422 });
  const text = await refusal.catch((error: k8s.ApiException<string>) => error.body);
  expect(text).toContain('spec.rules[0].backendRefs[0]: Invalid value: Must have port for Service reference');
});

test('an informer follows custom objects', async () => {
  const path = '/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes';
  const listed = () =>
    custom.listNamespacedCustomObject(routes) as Promise<k8s.KubernetesListObject<k8s.KubernetesObject>>;
  const informer = k8s.makeInformer(config, path, listed);
  const added = new Promise<string>((resolve) => {
    informer.on('add', (object) => resolve(object.metadata?.name ?? ''));
  });
  await informer.start();
  await custom.createNamespacedCustomObject({ ...routes, body: route('seen') });
  expect(await added).toBe('seen');
  await informer.stop();
});
