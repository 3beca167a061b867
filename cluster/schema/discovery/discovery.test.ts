import { expect, test } from '@jest/globals';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  compareVersions,
} from '#cluster/schema/discovery/discovery.ts';
import { resources, type ResourceInfo } from '#cluster/schema/resources.ts';
import recorded from './recorded/discovery.json' with { type: 'json' };

/** Recorded from a real 1.35.4, key order included: clients print documents as they come. */
const text = (value: unknown) => JSON.stringify(value);

test.each([
  ['/apis', () => apiGroupList(resources)],
  ['/apis/autoscaling', () => apiGroup(resources, 'autoscaling')],
  ['/apis/autoscaling/v1', () => apiResourceList(resources, 'autoscaling', 'v1')],
  ['/apis/storage.k8s.io/v1', () => apiResourceList(resources, 'storage.k8s.io', 'v1')],
  ['/apis/events.k8s.io/v1', () => apiResourceList(resources, 'events.k8s.io', 'v1')],
  ['/apis/authorization.k8s.io/v1', () => apiResourceList(resources, 'authorization.k8s.io', 'v1')],
  ['/apis/apiextensions.k8s.io/v1', () => apiResourceList(resources, 'apiextensions.k8s.io', 'v1')],
  ['aggregated core', () => aggregatedDiscovery('api', resources)],
  [
    'aggregated apps',
    () => aggregatedDiscovery('apis', resources).items.find(({ metadata }) => metadata.name === 'apps'),
  ],
] as const)('%s is what the real server answers', (name, document) => {
  expect(text(document())).toBe(text(recorded[name]));
});

test.each([
  ['no such group', apiGroup(resources, 'nobody.example.com')],
  ['the core group is not under /apis', apiGroup(resources, '')],
  ['no such version', apiResourceList(resources, 'apps', 'v1beta1')],
])('%s', (_name, document) => expect(document).toBeUndefined());

const widget = (version: string): ResourceInfo => ({
  group: 'h2.example.com',
  version,
  resource: 'widgets',
  kind: 'Widget',
  namespaced: true,
  singular: 'widget',
  shortNames: ['wg'],
  categories: [],
  verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
  subresources: [
    { name: 'status', kind: { group: '', version: '', kind: 'Widget' }, verbs: ['get', 'patch', 'update'] },
    { name: 'scale', kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: ['get', 'patch', 'update'] },
  ],
});

test("a definition's kinds come last, newest version first, and name their group", () => {
  const all = [...resources, widget('v1alpha1'), widget('v1')];
  const last = aggregatedDiscovery('apis', all).items.at(-1);
  expect(last?.metadata.name).toBe('h2.example.com');
  expect(last?.versions.map(({ version }) => version)).toEqual(['v1', 'v1alpha1']);
  expect(last?.versions[0]?.resources[0]).toEqual({
    resource: 'widgets',
    responseKind: { group: 'h2.example.com', version: 'v1', kind: 'Widget' },
    scope: 'Namespaced',
    singularResource: 'widget',
    verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
    shortNames: ['wg'],
    subresources: [
      {
        subresource: 'status',
        responseKind: { group: 'h2.example.com', version: 'v1', kind: 'Widget' },
        verbs: ['get', 'patch', 'update'],
      },
      {
        subresource: 'scale',
        responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
        verbs: ['get', 'patch', 'update'],
      },
    ],
  });
  expect(apiResourceList(all, 'h2.example.com', 'v1')?.resources).toEqual([
    expect.objectContaining({ name: 'widgets', storageVersionHash: 'FzwY95v1dZg=' }),
    { name: 'widgets/status', singularName: '', namespaced: true, kind: 'Widget', verbs: ['get', 'patch', 'update'] },
    expect.objectContaining({ name: 'widgets/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' }),
  ]);
});

test('versions sort by stage, then by number, then the others by name', () => {
  const versions = ['foo1', 'v1alpha1', 'v11beta2', 'v10', 'v2', 'v12alpha1', 'v10beta3', 'foo10', 'v3beta1', 'v1'];
  expect(versions.sort(compareVersions)).toEqual([
    'v10',
    'v2',
    'v1',
    'v11beta2',
    'v10beta3',
    'v3beta1',
    'v12alpha1',
    'v1alpha1',
    'foo1',
    'foo10',
  ]);
});
