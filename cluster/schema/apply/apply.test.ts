import { expect, test } from '@jest/globals';
import type { Json, KubeObject } from '../../api/types.ts';
import { decodeObject } from '../decode.ts';
import { schemaNameOf } from '../lookup.ts';
import { applyServerSide, trackUpdate, type ManagedFields } from './index.ts';
import { trackScale } from './scale.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const LATER = NOW + 60_000;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function kind(kind: string, group = '', version = 'v1') {
  const gvk = { group, version, kind };
  return { gvk, schemaName: schemaNameOf(group, version, kind) ?? '', subresource: '', now: NOW };
}
const CONFIG_MAP = kind('ConfigMap');
const DEPLOYMENT = kind('Deployment', 'apps');

const configMap = (data: Record<string, string>, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', ...more },
  data,
});
const decode = (body: unknown, of: typeof CONFIG_MAP): KubeObject => decodeObject(body, of.schemaName).object;
const withOwners = (object: KubeObject, managedFields: ManagedFields): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, uid: '1', managedFields },
});

/** What a client created and nobody touched since. */
function created(body: unknown, of: typeof CONFIG_MAP, manager: string): KubeObject {
  const after = decode(body, of);
  return withOwners(after, trackUpdate({ ...of, before: undefined, after, manager }));
}
function updated(
  before: KubeObject,
  body: unknown,
  of: typeof CONFIG_MAP,
  manager: string,
  subresource = '',
): KubeObject {
  const after = decode(body, of);
  return withOwners(after, trackUpdate({ ...of, subresource, now: LATER, before, after, manager }));
}
function applied(
  live: KubeObject | undefined,
  body: Json,
  of: typeof CONFIG_MAP,
  manager: string,
  force = false,
): KubeObject {
  const { object } = applyServerSide({ ...of, now: LATER, live, applied: body, manager, force });
  return { ...object, metadata: { ...object.metadata, uid: '1' } };
}
/** Fields by manager and operation. */
const owners = (object: KubeObject) =>
  Object.fromEntries(
    (object.metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => [
      `${manager} ${operation}`,
      fieldsV1,
    ]),
  );

const deployment = (spec: object, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', ...more },
  spec,
});
const podTemplate = (containers: object[], more: object = {}) => ({
  metadata: { labels: { a: 'b' } },
  spec: { containers, ...more },
});
const spec = {
  replicas: 2,
  selector: { matchLabels: { a: 'b' } },
  template: podTemplate([
    { name: 'a', image: 'x', ports: [{ containerPort: 80, protocol: 'TCP' }] },
    { name: 'b', image: 'y' },
  ]),
};

// What a real API server wrote for such a create.
test('a create owns all it set: items by key, atomic parts whole', () => {
  const object = created(deployment(spec), DEPLOYMENT, 'kubectl-create');
  expect(object.metadata.managedFields).toEqual([
    {
      manager: 'kubectl-create',
      operation: 'Update',
      apiVersion: 'apps/v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:template': {
            'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"a"}': {
                  '.': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': {
                    '.': {},
                    'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
                  },
                  'f:resources': {},
                },
                'k:{"name":"b"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:resources': {} },
              },
            },
          },
        },
      },
    },
  ]);
});

test('a field changed by another changes hands; the time is that of the last change', () => {
  const before = created(configMap({ a: '1', b: '2' }), CONFIG_MAP, 'one');
  const object = updated(before, configMap({ a: '9', b: '2', c: '3' }), CONFIG_MAP, 'two');
  expect(owners(object)).toEqual({
    'one Update': { 'f:data': { '.': {}, 'f:b': {} } },
    'two Update': { 'f:data': { 'f:a': {}, 'f:c': {} } },
  });
  expect(object.metadata.managedFields?.map(({ time }) => time)).toEqual([
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:01:00Z',
  ]);
});

test('what changes nothing owns nothing', () => {
  const before = created(configMap({ a: '1' }), CONFIG_MAP, 'one');
  expect(owners(updated(before, configMap({ a: '1' }), CONFIG_MAP, 'two'))).toEqual({
    'one Update': { 'f:data': { '.': {}, 'f:a': {} } },
  });
});

test('a removed field has no owner', () => {
  const before = created(configMap({ a: '1', b: '2' }), CONFIG_MAP, 'one');
  expect(owners(updated(before, configMap({ a: '1' }), CONFIG_MAP, 'two'))).toEqual({
    'one Update': { 'f:data': { '.': {}, 'f:a': {} } },
  });
});

test('the status belongs to who writes it through its subresource', () => {
  const before = created(deployment(spec), DEPLOYMENT, 'one');
  const withStatus = { ...deployment(spec), status: { replicas: 2 } };
  const object = updated(before, withStatus, DEPLOYMENT, 'controller', 'status');
  expect(object.metadata.managedFields?.[1]).toMatchObject({
    manager: 'controller',
    subresource: 'status',
    fieldsV1: { 'f:status': { 'f:replicas': {} } },
  });
  expect(owners(updated(before, withStatus, DEPLOYMENT, 'two'))).not.toHaveProperty(['two Update']);
});

test('an object without owners keeps none until it is applied', () => {
  const before = { ...decode(configMap({ a: '1' }), CONFIG_MAP) };
  expect(
    trackUpdate({ ...CONFIG_MAP, before, after: decode(configMap({ a: '2' }), CONFIG_MAP), manager: 'two' }),
  ).toEqual([]);
  expect(owners(applied(before, configMap({ a: '1', b: '2' }), CONFIG_MAP, 'me'))).toEqual({
    'before-first-apply Update': { 'f:data': { '.': {}, 'f:a': {} } },
    'me Apply': { 'f:data': { 'f:a': {}, 'f:b': {} } },
  });
});

test('the oldest of many updaters are folded together', () => {
  let object = created(configMap({ a: '1' }), CONFIG_MAP, 'first');
  const data: Record<string, string> = { a: '1' };
  for (let i = 0; i < 12; i += 1) {
    data[`k${i}`] = 'v';
    object = updated(object, configMap(data), CONFIG_MAP, `m${i}`);
  }
  const managers = object.metadata.managedFields?.map(({ manager }) => manager);
  expect(managers).toHaveLength(10);
  expect(managers).toContain('ancient-changes');
});

test.each<[string, Json, string]>([
  [
    'one owner, one field',
    configMap({ a: '5' }),
    'Apply failed with 1 conflict: conflict with "one" using v1: .data.a',
  ],
  [
    'two fields',
    configMap({ a: '5', b: '5' }),
    'Apply failed with 2 conflicts: conflicts with "one" using v1:\n- .data.a\n- .data.b',
  ],
])('a conflict: %s', (_, body, message) => {
  const live = created(configMap({ a: '1', b: '2' }), CONFIG_MAP, 'one');
  expect(() => applied(live, body, CONFIG_MAP, 'me')).toThrow(
    expect.objectContaining({ message, code: 409, reason: 'Conflict' }),
  );
});

test('several owners, items named by key, atomic lists whole', () => {
  let live = created(
    deployment({ ...spec, template: podTemplate(spec.template.spec.containers, { tolerations: [{ key: 'k' }] }) }),
    DEPLOYMENT,
    'zoe',
  );
  live = updated(
    live,
    { ...live, spec: { ...(live as unknown as { spec: object }).spec, replicas: 5 } },
    DEPLOYMENT,
    'amy',
  );
  const body = deployment({
    replicas: 7,
    template: { spec: { containers: [{ name: 'a', image: 'q' }], tolerations: [{ key: 'z' }] } },
  }) as Json;
  expect(() => applied(live, body, DEPLOYMENT, 'me')).toThrow(
    [
      'Apply failed with 3 conflicts: conflicts with "amy" using apps/v1:',
      '- .spec.replicas',
      'conflicts with "zoe" using apps/v1:',
      '- .spec.template.spec.tolerations',
      '- .spec.template.spec.containers[name="a"].image',
    ].join('\n'),
  );
});

test('by force the field changes hands', () => {
  const live = created(configMap({ a: '1', b: '2' }), CONFIG_MAP, 'one');
  const object = applied(live, configMap({ a: '5', c: '1' }), CONFIG_MAP, 'me', true);
  expect(object).toMatchObject({ data: { a: '5', b: '2', c: '1' } });
  expect(owners(object)).toEqual({
    'me Apply': { 'f:data': { 'f:a': {}, 'f:c': {} } },
    'one Update': { 'f:data': { '.': {}, 'f:b': {} } },
  });
});

test('the same value is shared, and stays while one of the two owns it', () => {
  let object = applied(undefined, configMap({ a: '1', b: '2' }), CONFIG_MAP, 'me');
  object = applied(object, configMap({ a: '1' }), CONFIG_MAP, 'you');
  object = applied(object, configMap({ b: '2' }), CONFIG_MAP, 'me');
  expect(object).toMatchObject({ data: { a: '1', b: '2' } });
  object = applied(object, configMap({}), CONFIG_MAP, 'you');
  expect((object as unknown as { data: object }).data).toEqual({ b: '2' });
});

test('what is no longer applied goes, unless another owns it; items of lists too', () => {
  const both = deployment({
    template: {
      spec: {
        containers: [
          { name: 'a', image: 'x' },
          { name: 'c', image: 'z' },
        ],
      },
    },
  }) as Json;
  const one = deployment({ template: { spec: { containers: [{ name: 'a', image: 'x' }] } } }) as Json;
  let object = created(deployment(spec), DEPLOYMENT, 'one');
  object = applied(object, both, DEPLOYMENT, 'me');
  const names = () =>
    (object as unknown as { spec: { template: ReturnType<typeof podTemplate> } }).spec.template.spec.containers.map(
      (container) => (container as { name: string }).name,
    );
  expect(names()).toEqual(['a', 'b', 'c']);
  object = applied(object, one, DEPLOYMENT, 'me');
  expect(names()).toEqual(['a', 'b']);
});

test('applying the same again changes neither object nor time', () => {
  const first = applied(undefined, configMap({ a: '1' }), CONFIG_MAP, 'me');
  const { object } = applyServerSide({
    ...CONFIG_MAP,
    now: LATER + 60_000,
    live: first,
    applied: configMap({ a: '1' }),
    manager: 'me',
    force: false,
  });
  expect(object.metadata.managedFields).toEqual(first.metadata.managedFields);
});

test('kubectl takes over what it applied on the client side, and keeps its annotation in step', () => {
  const last = JSON.stringify(configMap({ a: '1', b: '2' }, { annotations: {} }));
  const body = configMap({ a: '1', b: '2' }, { annotations: { [LAST_APPLIED]: `${last}\n` } });
  const live = created(body, CONFIG_MAP, 'kubectl-client-side-apply');
  expect(() => applied(live, configMap({ a: '5' }), CONFIG_MAP, 'someone')).toThrow('Apply failed with 1 conflict');
  const object = applied(live, configMap({ a: '5' }), CONFIG_MAP, 'kubectl');
  expect(object).toMatchObject({ data: { a: '5', b: '2' } });
  expect(object.metadata.annotations?.[LAST_APPLIED]).toBe(
    '{"apiVersion":"v1","data":{"a":"5"},"kind":"ConfigMap","metadata":{"name":"c"}}\n',
  );
});

test('what was changed since kubectl applied it is a conflict', () => {
  const last = JSON.stringify(configMap({ a: '1' }));
  const body = (data: Record<string, string>) => configMap(data, { annotations: { [LAST_APPLIED]: last } });
  const live = updated(
    created(body({ a: '1' }), CONFIG_MAP, 'kubectl-client-side-apply'),
    body({ a: '9' }),
    CONFIG_MAP,
    'kubectl-edit',
  );
  expect(() => applied(live, configMap({ a: '5' }), CONFIG_MAP, 'kubectl')).toThrow(
    'Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .data.a',
  );
});

const typed = (problem: string) => `failed to create typed patch object (/d; apps/v1, Kind=Deployment): ${problem}`;
test.each<[string, Json, number, string]>([
  ['another kind', { apiVersion: 'v1', kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
  ['nothing', {}, 400, 'invalid object type: /, Kind='],
  ['its own managedFields', deployment({}, { managedFields: [{}] }) as Json, 400, 'metadata.managedFields must be nil'],
  ['an unknown field', deployment({ foo: 1 }) as Json, 500, typed('.spec.foo: field not declared in schema')],
  [
    'text for a number, a list for an object',
    deployment({ replicas: 'x', template: [] }) as Json,
    500,
    typed(
      'errors:\n  .spec.replicas: expected numeric (int or float), got string\n  .spec.template: expected map, got &{[]}',
    ),
  ],
  [
    'an item twice',
    deployment({ template: podTemplate([{ name: 'a' }, { name: 'a' }]) }) as Json,
    500,
    typed('.spec.template.spec.containers: duplicate entries for key [name="a"]'),
  ],
  [
    'a map for a list',
    deployment({ template: podTemplate({ image: 'a' } as never) }) as Json,
    500,
    typed('.spec.template.spec.containers: expected list, got &{map[image:a]}'),
  ],
])('a body that does not fit: %s', (_, body, code, message) => {
  expect(() => applied(undefined, body, DEPLOYMENT, 'me')).toThrow(expect.objectContaining({ message, code }));
});

// As a real API server kept them after kubectl scale.
test('who scales takes the replicas over; who scales to 0 owns nothing', () => {
  const replicas = { 'f:spec': { 'f:replicas': {} } };
  const body = deployment({ replicas: 1, template: podTemplate([{ name: 'a', image: 'x' }]) }) as Json;
  const live = applied(undefined, body, DEPLOYMENT, 'me');
  const scale = (object: KubeObject, from: number, to: number): KubeObject => {
    const managedFields = trackScale({ before: object, gvk: DEPLOYMENT.gvk, from, to, manager: 'kubectl', now: LATER });
    const { spec: had } = object as unknown as { spec: object };
    return withOwners({ ...object, spec: { ...had, replicas: to } } as KubeObject, managedFields);
  };
  const two = scale(live, 1, 2);
  expect(two.metadata.managedFields?.find(({ operation }) => operation === 'Update')).toMatchObject({
    manager: 'kubectl',
    operation: 'Update',
    apiVersion: 'apps/v1',
    subresource: 'scale',
    fieldsV1: replicas,
  });
  expect(JSON.stringify(owners(two)['me Apply'])).not.toContain('f:replicas');
  expect(() => applied(two, body, DEPLOYMENT, 'me')).toThrow(
    'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
  );
  expect(Object.keys(owners(scale(two, 2, 0)))).toEqual(['me Apply']);
  expect(scale(live, 1, 1).metadata.managedFields).toEqual(live.metadata.managedFields);
});

test('the entry of a create splits when somebody scales, even to what it is', () => {
  const live = created(deployment(spec), DEPLOYMENT, 'one');
  const managedFields = trackScale({
    before: live,
    gvk: DEPLOYMENT.gvk,
    from: 2,
    to: 2,
    manager: 'kubectl',
    now: LATER,
  });
  expect(managedFields.map(({ manager, time }) => [manager, time])).toEqual([
    ['one', undefined],
    ['one', '2026-01-01T00:00:00Z'],
  ]);
  expect(managedFields[0]?.fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {} } });
  expect(JSON.stringify(managedFields[1])).not.toContain('f:replicas');
});
