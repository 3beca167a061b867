import { expect, test } from '@jest/globals';
import type { KubeObject } from '../api/types.ts';
import { Cluster } from '../cluster.ts';
import { handle, type Reply } from '../serve/api.ts';
import { DEFINITIONS, type CustomResourceDefinition } from '../schema/structural/custom-resource-definition.ts';
import { customResources } from './index.ts';
import { findAll, parseJsonPath } from './json-path.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const make = () => Cluster.create({ now: NOW, bare: true, nodes: [] });

const definition = (changes: Partial<CustomResourceDefinition['spec']> = {}) =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  properties: {
                    size: { type: 'integer', maximum: 5 },
                    color: { type: 'string', default: 'red' },
                  },
                  'x-kubernetes-validations': [{ rule: 'self.size != 4', message: 'four is unlucky' }],
                },
                status: { type: 'object', properties: { size: { type: 'integer' } } },
              },
            },
          },
        },
      ],
      ...changes,
    },
  }) as unknown as KubeObject;

const widget = (name: string, spec: object, metadata: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, namespace: 'default', ...metadata },
  spec,
});

function withWidgets(): Cluster {
  const cluster = make();
  cluster.client('admin').create(DEFINITIONS, definition());
  cluster.settle();
  return cluster;
}

const user = { username: 'admin', groups: ['system:masters', 'system:authenticated'] };
function ask(cluster: Cluster, method: string, path: string, body?: object, type = 'application/json'): Reply {
  const [pathname = '', query = ''] = path.split('?');
  return handle(cluster, {
    method,
    path: pathname,
    query: new URLSearchParams(query),
    headers: { 'content-type': type },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    user,
  });
}
const objectOf = (reply: Reply) => {
  if (reply.kind !== 'object') throw new Error(`a ${reply.kind} was answered`);
  return {
    code: reply.code,
    warnings: reply.warnings,
    object: reply.object as KubeObject & { message?: string; spec?: object; status?: object },
  };
};
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';

test('a cluster without definitions has nothing but what is built in', () => {
  const first = customResources(make().store);
  expect(first.byName.size).toBe(0);
  expect(customResources(make().store)).toBe(first);
});

test('an object is pruned, defaulted and validated', () => {
  const cluster = withWidgets();
  const created = objectOf(ask(cluster, 'POST', WIDGETS, widget('a', { size: 1, shape: 'round' })));
  expect(created).toMatchObject({
    code: 201,
    warnings: ['unknown field "spec.shape"'],
    object: { spec: { size: 1, color: 'red' } },
  });
  const refused = (spec: object) => objectOf(ask(cluster, 'POST', WIDGETS, widget('b', spec))).object.message;
  expect(refused({ size: 9 })).toBe(
    'Widget.example.com "b" is invalid: spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5',
  );
  expect(refused({ size: 4 })).toBe('Widget.example.com "b" is invalid: spec: Invalid value: four is unlucky');
  expect(refused({})).toBe(
    'Widget.example.com "b" is invalid: [spec.size: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
  );
});

test('a strategic merge patch is refused, and the status has a path of its own', () => {
  const cluster = withWidgets();
  ask(cluster, 'POST', WIDGETS, widget('a', { size: 1 }));
  const strategic = objectOf(
    ask(cluster, 'PATCH', `${WIDGETS}/a`, { spec: { size: 2 } }, 'application/strategic-merge-patch+json'),
  );
  expect(strategic).toMatchObject({
    code: 415,
    object: {
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    },
  });
  const merge = 'application/merge-patch+json';
  const ofObject = objectOf(ask(cluster, 'PATCH', `${WIDGETS}/a`, { status: { size: 7 }, spec: { size: 2 } }, merge));
  expect(ofObject.object).toMatchObject({ spec: { size: 2 }, metadata: { generation: 2 } });
  expect(ofObject.object.status).toBeUndefined();
  const ofStatus = objectOf(
    ask(cluster, 'PATCH', `${WIDGETS}/a/status`, { status: { size: 7 }, spec: { size: 3 } }, merge),
  );
  expect(ofStatus.object).toMatchObject({ spec: { size: 2 }, status: { size: 7 }, metadata: { generation: 2 } });
});

test('versions show the same objects', () => {
  const cluster = make();
  const [v1] = (definition() as unknown as CustomResourceDefinition).spec.versions;
  if (!v1) throw new Error('no version');
  const old = { ...v1, name: 'v1beta1', storage: false, deprecated: true };
  cluster.client('admin').create(DEFINITIONS, definition({ versions: [v1, old] }));
  cluster.settle();
  ask(cluster, 'POST', WIDGETS, widget('a', { size: 1 }));
  const shown = objectOf(ask(cluster, 'GET', `${WIDGETS.replace('v1', 'v1beta1')}/a`));
  expect(shown).toMatchObject({
    warnings: ['example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget'],
    object: { apiVersion: 'example.com/v1beta1', spec: { size: 1, color: 'red' } },
  });
  expect(cluster.store.get('widgets.example.com', 'default', 'a')?.apiVersion).toBe('example.com/v1');
});

test('forks and restored clusters serve what the stored definitions say', () => {
  const cluster = withWidgets();
  ask(cluster, 'POST', WIDGETS, widget('a', { size: 1 }));
  for (const other of [cluster.fork(), Cluster.restore(cluster.snapshot())]) {
    expect(objectOf(ask(other, 'GET', `${WIDGETS}/a`)).object.spec).toEqual({ color: 'red', size: 1 });
    ask(other, 'DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com`);
    other.settle();
    expect(ask(other, 'GET', `${WIDGETS}/a`)).toMatchObject({ code: 404 });
  }
  expect(objectOf(ask(cluster, 'GET', `${WIDGETS}/a`)).code).toBe(200);
});

test('objects go with their definition, which waits for what finalizers hold', () => {
  const cluster = withWidgets();
  ask(cluster, 'POST', WIDGETS, widget('free', { size: 1 }));
  ask(cluster, 'POST', WIDGETS, widget('held', { size: 1 }, { finalizers: ['example.com/hold'] }));
  ask(cluster, 'DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com');
  cluster.settle();
  const names = () => cluster.store.list('widgets.example.com').map(({ metadata }) => metadata.name);
  expect(names()).toEqual(['held']);
  const terminating = cluster.store
    .get<CustomResourceDefinition>(DEFINITIONS, '', 'widgets.example.com')
    ?.status?.conditions?.find(({ type }) => type === 'Terminating');
  expect(terminating).toMatchObject({ status: 'True', reason: 'InstanceDeletionInProgress' });
  expect(objectOf(ask(cluster, 'POST', WIDGETS, widget('late', { size: 1 }))).object.message).toBe(
    'widgets.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
  );
  ask(cluster, 'PATCH', `${WIDGETS}/held`, { metadata: { finalizers: null } }, 'application/merge-patch+json');
  cluster.advance(5000);
  expect(names()).toEqual([]);
  expect(cluster.store.list(DEFINITIONS)).toEqual([]);
});

test('a namespace takes its custom objects along, and an owner its dependents', () => {
  const cluster = withWidgets();
  const client = cluster.client('admin');
  client.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'attic' } });
  const owner = client.create<KubeObject>('widgets.example.com', widget('owner', { size: 1 }));
  const { uid = '' } = owner.metadata;
  const ownerReferences = [{ apiVersion: 'example.com/v1', kind: 'Widget', name: 'owner', uid }];
  client.create('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'dependent', namespace: 'default', ownerReferences },
  });
  ask(cluster, 'POST', WIDGETS.replace('default', 'attic'), { ...widget('a', { size: 1 }), metadata: { name: 'a' } });
  client.delete('widgets.example.com', 'default', 'owner');
  client.delete('namespaces', '', 'attic');
  cluster.advance(20_000);
  expect(client.get('configmaps', 'default', 'dependent')).toBeUndefined();
  expect(client.list('widgets.example.com')).toEqual([]);
  expect(client.get('namespaces', '', 'attic')).toBeUndefined();
});

test.each<[string, unknown[]]>([
  ['.a.b', [1]],
  [".a['b']", [1]],
  ['.l[*].n', [1, 2]],
  ['.l[0].n', [1]],
  ['.l[-1:].n', [2]],
  ['.l[?(@.t=="x")].n', [2]],
  ['.l[?(@.n>1)].t', ['x']],
  ['..n', [1, 2]],
  ['.none.b', []],
])('JSONPath %s', (text, expected) => {
  const path = parseJsonPath(text);
  expect(path && findAll(path, { a: { b: 1 }, l: [{ n: 1 }, { n: 2, t: 'x' }] })).toEqual(expected);
});

test('what is no JSONPath is told', () => {
  expect(parseJsonPath('.a[')).toBeUndefined();
});
