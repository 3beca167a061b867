import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json, JsonObject } from '../api/types.ts';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, decodePatched, patchProblems } from './patch.ts';

const POD = 'io.k8s.api.core.v1.Pod';
const DEPLOYMENT = 'io.k8s.api.apps.v1.Deployment';
const REJECTED = 'the server rejected our request due to an error in our request';

const object = { data: { a: '1', b: '2' }, list: [{ n: 1 }, { n: 2 }] };
test.each<[string, Json, unknown]>([
  ['replace', [{ op: 'replace', path: '/data/a', value: '9' }], { data: { a: '9', b: '2' } }],
  ['replace adds what is not there', [{ op: 'replace', path: '/data/z', value: '9' }], { data: { z: '9' } }],
  ['add at the end', [{ op: 'add', path: '/list/-', value: 3 }], { list: [{ n: 1 }, { n: 2 }, 3] }],
  ['add in between', [{ op: 'add', path: '/list/1', value: 3 }], { list: [{ n: 1 }, 3, { n: 2 }] }],
  ['remove from the end', [{ op: 'remove', path: '/list/-1' }], { list: [{ n: 1 }] }],
  ['move', [{ op: 'move', from: '/data/a', path: '/data/c' }], { data: { b: '2', c: '1' } }],
  ['copy', [{ op: 'copy', from: '/data/a', path: '/data/c' }], { data: { a: '1', c: '1' } }],
  [
    'test, then do',
    [
      { op: 'test', path: '/list/0/n', value: 1 },
      { op: 'remove', path: '/data/a' },
    ],
    { data: { b: '2' } },
  ],
  ['a slash in a key', [{ op: 'add', path: '/data/x~1y~0z', value: '1' }], { data: { 'x/y~z': '1' } }],
  [
    'what comes before the first slash does not count',
    [{ op: 'replace', path: 'data/a', value: '9' }],
    { data: { a: '1' } },
  ],
])('JSON patch: %s', (_, patch, expected) => {
  expect(applyJsonPatch(object, patch)).toMatchObject(expected as object);
  expect(object.data).toEqual({ a: '1', b: '2' });
});

test.each<[string, Json]>([
  ['a path that leads nowhere', [{ op: 'add', path: '/foo/bar', value: 1 }]],
  ['nothing to remove', [{ op: 'remove', path: '/data/z' }]],
  ['a test that fails', [{ op: 'test', path: '/data/a', value: '7' }]],
  ['past the end', [{ op: 'add', path: '/list/5', value: 1 }]],
  ['no position', [{ op: 'add', path: '/list/x', value: 1 }]],
  ['an unknown operation', [{ op: 'foo', path: '/data/a' }]],
  ['no operation', [{ path: '/data/a' }]],
  ['no path', [{ op: 'remove' }]],
  ['nothing to move', [{ op: 'move', from: '/data/x/y', path: '/data/a' }]],
])('JSON patch refused: %s', (_, patch) => {
  expect(() => applyJsonPatch(object, patch)).toThrow(
    expect.objectContaining({ message: REJECTED, code: 422, reason: 'Invalid' }),
  );
});

test('a patch reaches no prototype', () => {
  const add = (path: string): Json => [{ op: 'add', path, value: '1' }];
  expect(() => applyJsonPatch(object, add('/__proto__/polluted'))).toThrow(REJECTED);
  expect(() => applyJsonPatch(object, add('/constructor/prototype/polluted'))).toThrow(REJECTED);
  expect(Object.hasOwn(applyJsonPatch(object, add('/data/__proto__'))['data'] as object, '__proto__')).toBe(true);
  const merged = applyMergePatch(object, JSON.parse('{"data":{"__proto__":{"polluted":1}}}') as Json);
  expect((merged['data'] as { polluted?: unknown }).polluted).toBeUndefined();
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each<[string, () => unknown, string]>([
  [
    'JSON patch',
    () => applyJsonPatch(object, { op: 'add' }),
    'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
  ],
  [
    'merge patch',
    () => applyMergePatch(object, []),
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [
    'strategic patch',
    () => applyStrategicPatch(object, [], POD),
    'json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
])('a %s of the wrong type', (_, run, sentence) => {
  expect(run).toThrow(expect.objectContaining({ message: sentence, code: 400 }));
});

const jsonObject = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.jsonValue({ maxDepth: 3 }),
) as fc.Arbitrary<JsonObject>;

test('a merge patch done twice is a merge patch done once', () => {
  fc.assert(
    fc.property(jsonObject, jsonObject, (target, patch) => {
      const once = applyMergePatch(target, patch);
      expect(applyMergePatch(once, patch)).toEqual(once);
      for (const [key, value] of Object.entries(patch)) if (value === null) expect(once).not.toHaveProperty([key]);
    }),
  );
});

const containers: Json[] = [
  { name: 'a', image: 'x', ports: [{ containerPort: 80, protocol: 'TCP' }] },
  { name: 'b', image: 'y' },
];
const deployment: JsonObject = {
  metadata: { finalizers: ['one', 'two'] },
  spec: {
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    template: { spec: { containers, nodeSelector: { disk: 'ssd' } } },
  },
};
const podSpec = (patch: Json) => ({ spec: { template: { spec: patch } } });
const names = (patched: JsonObject): string[] => {
  const pod = patched as { spec: { template: { spec: { containers: { name: string }[] } } } };
  return pod.spec.template.spec.containers.map(({ name }) => name);
};

// Orders as a real API server made them.
test.each<[string, JsonObject, string[]]>([
  ['changes one', { containers: [{ name: 'b', image: 'z' }] }, ['a', 'b']],
  ['new ones come first', { containers: [{ name: 'c', image: 'z' }] }, ['c', 'a', 'b']],
  ['deletes one', { containers: [{ name: 'b', $patch: 'delete' }] }, ['a']],
  ['replaces all', { containers: [{ $patch: 'replace' }, { name: 'n' }] }, ['n']],
  ['asks for an order', { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }, ['b', 'a']],
  [
    'an order with a new one',
    { '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }], containers: [{ name: 'c' }] },
    ['c', 'a', 'b'],
  ],
])('strategic patch, lists by key: %s', (_, patch, expected) => {
  expect(names(applyStrategicPatch(deployment, podSpec(patch), DEPLOYMENT))).toEqual(expected);
});

test.each<[string, Json, unknown]>([
  [
    'maps merge',
    podSpec({ nodeSelector: { zone: 'a' } }),
    { spec: { template: { spec: { nodeSelector: { disk: 'ssd', zone: 'a' } } } } },
  ],
  ['null deletes', podSpec({ nodeSelector: { disk: null } }), { spec: { template: { spec: { nodeSelector: {} } } } }],
  [
    'plain lists merge where the schema says so',
    { metadata: { finalizers: ['three', 'one'] } },
    { metadata: { finalizers: ['three', 'one', 'two'] } },
  ],
  [
    'plain items are deleted',
    { metadata: { '$deleteFromPrimitiveList/finalizers': ['one'] } },
    { metadata: { finalizers: ['two'] } },
  ],
  [
    'keys retained',
    { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
    { spec: { strategy: { type: 'Recreate' } } },
  ],
  [
    'a map replaced',
    { spec: { strategy: { $patch: 'replace', type: 'Recreate' } } },
    { spec: { strategy: { type: 'Recreate' } } },
  ],
])('strategic patch: %s', (_, patch, expected) => {
  const patched = applyStrategicPatch(deployment, patch, DEPLOYMENT);
  for (const [key, value] of Object.entries(expected as object)) expect(patched[key]).toMatchObject(value as object);
});

test('the keys that are not retained are gone', () => {
  const patched = applyStrategicPatch(
    deployment,
    { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
    DEPLOYMENT,
  );
  expect(patched).toHaveProperty('spec.strategy', { type: 'Recreate' });
});

test.each<[string, JsonObject, number, string]>([
  [
    'an item without its key',
    podSpec({ containers: [{ image: 'a' }] }),
    500,
    'map: map[image:a] does not contain declared merge key: name',
  ],
  ['an unknown directive', { spec: { $patch: 'foo' } }, 500, 'unknown patch type: foo in map: map[$patch:foo]'],
  [
    'keys retained that are not there',
    { spec: { strategy: { $retainKeys: ['foo'], type: 'Recreate' } } },
    400,
    'invalid patch format of retainKeys',
  ],
])('strategic patch refused: %s', (_, patch, code, message) => {
  expect(() => applyStrategicPatch(deployment, patch, DEPLOYMENT)).toThrow(expect.objectContaining({ message, code }));
});

const gvk = { group: 'apps', version: 'v1', kind: 'Deployment' };
test.each<[string, JsonObject, string]>([
  ['text for a number', { spec: { replicas: 'x' } }, 'map[spec:map[replicas:x]]": unrecognized type: int32'],
  ['a fraction', { spec: { replicas: 1.5 } }, 'map[spec:map[replicas:1.5]]": cannot convert float64 to int32'],
  [
    'a number for text',
    { metadata: { labels: { a: 1 } } },
    'map[metadata:map[labels:map[a:1]]]": cannot convert int64 to string',
  ],
  [
    'a map for a list',
    podSpec({ containers: { a: 1 } }),
    'map[spec:map[template:map[spec:map[containers:map[a:1]]]]]": cannot restore slice from map',
  ],
  [
    'what was used up on the way is not shown',
    {
      metadata: { labels: { gone: null, list: 1 } },
      spec: {
        strategy: { $retainKeys: ['type'], type: 'Recreate' },
        template: {
          spec: {
            $retainKeys: ['containers'],
            '$setElementOrder/containers': [{ name: 'main' }],
            containers: [{ name: 'main', image: 3 }],
          },
        },
      },
    },
    'map[metadata:map[labels:map[list:1]] spec:map[strategy:map[type:Recreate] template:map[spec:map[]]]]": cannot convert int64 to string',
  ],
  ['text for an object', { spec: 'x' }, 'map[spec:x]": cannot restore struct from: string'],
])('a strategic patch whose result is no object of its kind: %s', (_, patch, sentence) => {
  const patched = applyStrategicPatch(deployment, patch, DEPLOYMENT);
  expect(() =>
    decodePatched({ type: 'strategic', current: deployment, patch, patched, schemaName: DEPLOYMENT, gvk }),
  ).toThrow(expect.objectContaining({ message: ` "" is invalid: patch: Invalid value: "${sentence}`, code: 422 }));
});

test('a merge patch whose result cannot be decoded shows the object', () => {
  const body = { metadata: { name: 'c' }, apiVersion: 'v1', data: { a: 3 } };
  const decode = () =>
    decodePatched({
      type: 'merge',
      current: body,
      patch: {},
      patched: body,
      schemaName: 'io.k8s.api.core.v1.ConfigMap',
      gvk,
    });
  expect(decode).toThrow(
    String.raw` "" is invalid: patch: Invalid value: "{\"apiVersion\":\"v1\",\"data\":{\"a\":3},\"metadata\":{\"name\":\"c\"}}": json: cannot unmarshal number into Go struct field ConfigMap.data of type string`,
  );
});

test('problems of the text of a JSON patch say so', () => {
  const patch = [{ op: 'remove', path: '/a', foo: 1 }];
  expect(patchProblems('json', { json: patch, problems: [], order: (problems) => [...problems] })).toEqual([
    'json patch unknown field "[0].foo"',
  ]);
});

test('bytes of a strategic patch that are no base64', () => {
  const patch = { data: { pass: 'plain' } };
  const about = { current: { data: {} }, patch, patched: patch, schemaName: 'io.k8s.api.core.v1.Secret', gvk };
  expect(() => decodePatched({ type: 'strategic', ...about })).toThrow(
    ' "" is invalid: patch: Invalid value: "map[data:map[pass:plain]]": error decoding from json: illegal base64 data at input byte 4',
  );
});
