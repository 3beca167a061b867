import { expect, test } from '@jest/globals';
import type { KubeObject } from '#cluster/api/types.ts';
import type { Cell, Kind, KindContext } from '#cluster/kinds/kind.ts';
import { resourceName, resources, type ResourceInfo } from '#cluster/schema/resources.ts';
import { type IncludeObject, renderTable } from '#cluster/serve/table/index.ts';

const NOW = Date.parse('2026-11-21T10:42:33Z');
const context: KindContext = {
  store: { get: () => undefined, list: () => [] },
  clock: { now: () => NOW },
  random: { next: () => 0, suffix: () => 'aaaaa', uuid: () => '' },
};

function infoOf(name: string): ResourceInfo {
  const info = resources.find((one) => resourceName(one) === name);
  if (!info) throw new Error(`no resource ${name}`);
  return info;
}

const made = (metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Made',
  metadata: { name: 'a', creationTimestamp: '2026-11-21T10:24:03Z', ...metadata },
});

const render = (name: string, cells?: Cell[], include: IncludeObject = 'Metadata', object = made()) =>
  renderTable({
    info: infoOf(name),
    kind: cells && ({ resource: name, cells: () => cells } satisfies Kind),
    objects: [object],
    context,
    include,
  });

const headings = (name: string, cells?: Cell[]) => render(name, cells).columnDefinitions.map((column) => column.name);
const rowOf = (name: string, cells?: Cell[], object?: KubeObject) => render(name, cells, 'None', object).rows[0]?.cells;

test('columns are those of the resource, as the real server defines them', () => {
  const { columnDefinitions, ...table } = render('pods', ['a', '1/1', 'Running', '0', null, '', '', '', '']);
  expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
  expect(columnDefinitions.slice(0, 2)).toEqual([
    { name: 'Name', type: 'string', format: 'name', description: expect.any(String), priority: 0 },
    { name: 'Ready', type: 'string', format: '', description: expect.any(String), priority: 0 },
  ]);
  expect(columnDefinitions.filter(({ priority }) => priority > 0).map(({ name }) => name)).toEqual([
    'IP',
    'Node',
    'Nominated Node',
    'Readiness Gates',
  ]);
});

test.each<[string, string, Cell[] | undefined, KubeObject | undefined, Cell[]]>([
  [
    'a time under Age is an age',
    'namespaces',
    ['a', 'Active', '2026-11-21T10:24:03Z'],
    undefined,
    ['a', 'Active', '18m'],
  ],
  ['no time is unknown', 'namespaces', ['a', 'Active', null], undefined, ['a', 'Active', '<unknown>']],
  ['an age already worded stays', 'namespaces', ['a', 'Active', '<unknown>'], undefined, ['a', 'Active', '<unknown>']],
  [
    'a microsecond time is one too',
    'events',
    ['2026-11-21T10:42:30.100001Z', 'Normal', 'Made', 'pod/a', '', 'kubelet', 'text', null, 1, 'a.1'],
    undefined,
    ['2s', 'Normal', 'Made', 'pod/a', '', 'kubelet', 'text', '<unknown>', 1, 'a.1'],
  ],
  [
    'a time elsewhere stays a time',
    'configmaps',
    ['2026-11-21T10:24:03Z', 1, '2026-11-21T10:42:33Z'],
    undefined,
    ['2026-11-21T10:24:03Z', 1, '0s'],
  ],
  ['a date column carries the time', 'limitranges', undefined, undefined, ['a', '2026-11-21T10:24:03Z']],
  [
    'a clock behind',
    'serviceaccounts',
    undefined,
    made({ creationTimestamp: '2026-11-21T10:50:00Z' }),
    ['a', '<invalid>'],
  ],
  ['a kind without cells is name and age', 'leases.coordination.k8s.io', undefined, undefined, ['a', '18m']],
])('%s', (_name, resource, cells, object, expected) => {
  expect(rowOf(resource, cells, object)).toEqual(expected);
});

test.each<[string, string[]]>([
  ['serviceaccounts', ['Name', 'Age']],
  ['limitranges', ['Name', 'Created At']],
  ['leases.coordination.k8s.io', ['Name', 'Age']],
])('%s without cells has the columns %j', (name, expected) => {
  expect(headings(name)).toEqual(expected);
});

test.each<[IncludeObject, unknown]>([
  ['None', null],
  ['Metadata', { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: made().metadata }],
  ['Object', made()],
])('a row includes %s', (include, expected) => {
  expect(render('serviceaccounts', undefined, include).rows[0]?.object).toEqual(expected);
});
