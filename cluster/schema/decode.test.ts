import { expect, test } from '@jest/globals';
import bootstrap from './facts/bootstrap.json' with { type: 'json' };
import { checkTypeMeta, decodeObject, strictError } from './decode.ts';
import { schemaNameOf } from './lookup.ts';

const POD = 'io.k8s.api.core.v1.Pod';
const DEPLOYMENT = 'io.k8s.api.apps.v1.Deployment';
const CONFIG_MAP = 'io.k8s.api.core.v1.ConfigMap';
const SECRET = 'io.k8s.api.core.v1.Secret';

const container = (more: object) => ({ spec: { containers: [{ name: 'a', ...more }] } });
const QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

// Sentences of a real API server.
test.each<[string, string, unknown, string]>([
  [
    'text for a number',
    DEPLOYMENT,
    { spec: { replicas: '3' } },
    'cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'half a replica',
    DEPLOYMENT,
    { spec: { replicas: 1.5 } },
    'cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'too big a number',
    DEPLOYMENT,
    { spec: { replicas: 3e9 } },
    'cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'a number as a label',
    POD,
    { metadata: { labels: { a: 1 } } },
    'cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  ],
  [
    'a list for a map',
    POD,
    { metadata: { labels: ['a'] } },
    'cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
  ],
  [
    'a map for a list',
    POD,
    { spec: { containers: {} } },
    'cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    'text for an object',
    POD,
    { spec: 'x' },
    'cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec',
  ],
  [
    'text for an item',
    POD,
    { spec: { containers: ['x'] } },
    'cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
  ],
  [
    'a number for a named text',
    POD,
    { spec: { restartPolicy: 1 } },
    'cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
  ],
  [
    'text for a list of text',
    POD,
    container({ command: 'ls' }),
    'cannot unmarshal string into Go struct field Container.spec.containers.command of type []string',
  ],
  [
    'inside an embedded struct',
    POD,
    { spec: { volumes: [{ emptyDir: 'x' }] } },
    'cannot unmarshal string into Go struct field Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource',
  ],
  [
    'a list for a port',
    POD,
    container({ livenessProbe: { httpGet: { port: [] } } }),
    'cannot unmarshal array into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
  ],
  [
    'a number for a time',
    POD,
    { metadata: { creationTimestamp: 5 } },
    'cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
  ],
  [
    'a number for bytes',
    SECRET,
    { data: { a: 1 } },
    'cannot unmarshal number into Go struct field Secret.data of type []uint8',
  ],
])('%s', (_, schemaName, body, sentence) => {
  const kind = schemaName.slice(schemaName.lastIndexOf('.') + 1);
  expect(() => decodeObject(body, schemaName)).toThrow(
    expect.objectContaining({
      message: `${kind} in version "v1" cannot be handled as a ${kind}: json: ${sentence}`,
      code: 400,
    }),
  );
});

test.each<[string, string, unknown, string]>([
  ['a bad quantity', POD, container({ resources: { limits: { cpu: 'abc' } } }), QUANTITY],
  ['an object for a quantity', POD, container({ resources: { limits: { cpu: {} } } }), QUANTITY],
  ['a bad suffix', POD, container({ resources: { limits: { cpu: '1mi' } } }), "unable to parse quantity's suffix"],
  [
    'a bad time',
    POD,
    { metadata: { creationTimestamp: 'yesterday' } },
    'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
  ],
  ['what is no base64', SECRET, { data: { a: '###' } }, 'illegal base64 data at input byte 0'],
])('%s', (_, schemaName, body, sentence) => {
  expect(() => decodeObject(body, schemaName)).toThrow(sentence);
});

test('the first of several mistakes is told', () => {
  const body = { spec: { hostNetwork: 'yes', restartPolicy: 1 } };
  expect(() => decodeObject(body, POD)).toThrow('PodSpec.spec.hostNetwork of type bool');
});

test('what a real server stored comes back as it is', () => {
  const objects: { apiVersion: string; kind: string }[] = Object.values(bootstrap)
    .flat(2)
    .filter((item) => typeof item === 'object' && 'kind' in item);
  expect(objects.length).toBeGreaterThan(50);
  for (const object of objects) {
    const [version = '', group = ''] = object.apiVersion.split('/').toReversed();
    const name = schemaNameOf(group, version, object.kind);
    const { object: decoded, problems } = decodeObject(object, name ?? '');
    expect(problems).toEqual([]);
    // The facts leave out what is new with every server (uid, times), and empty what that leaves.
    expect(decoded).toMatchObject(object);
  }
});

test('zero values: left out, filled in or kept, as Go prints them', () => {
  const { object } = decodeObject(
    {
      metadata: { name: 'a', namespace: '', labels: {}, annotations: null, finalizers: [], creationTimestamp: null },
      spec: {
        replicas: 0,
        paused: false,
        selector: {},
        template: {
          spec: {
            automountServiceAccountToken: false,
            volumes: [{ name: 'v', emptyDir: {} }],
            containers: [
              { name: 'c', ports: [{}], env: [{ name: 'E', value: '' }], resources: { limits: { b: 1, a: '0.5' } } },
            ],
          },
        },
      },
    },
    DEPLOYMENT,
  );
  expect(object).toEqual({
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name: 'a' },
    spec: {
      // pointers keep their zero, others do not
      replicas: 0,
      selector: {},
      template: {
        metadata: {},
        spec: {
          automountServiceAccountToken: false,
          volumes: [{ name: 'v', emptyDir: {} }],
          containers: [
            {
              name: 'c',
              ports: [{ containerPort: 0 }],
              env: [{ name: 'E' }],
              resources: { limits: { a: '500m', b: '1' } },
            },
          ],
        },
      },
      strategy: {},
    },
    status: {},
  });
});

test('a list that Go never leaves out is null', () => {
  expect(decodeObject({ metadata: {} }, 'io.k8s.api.rbac.v1.ClusterRole').object).toEqual({
    kind: 'ClusterRole',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    metadata: {},
    rules: null,
  });
});

test.each<[string, string, unknown, unknown]>([
  [
    'times in UTC',
    POD,
    { metadata: { deletionTimestamp: '2026-01-02T03:04:05.9+09:00' } },
    { metadata: { deletionTimestamp: '2026-01-01T18:04:05Z' } },
  ],
  [
    'micro times',
    'io.k8s.api.coordination.v1.Lease',
    { spec: { renewTime: '2026-01-02T03:04:05.123456Z' } },
    { spec: { renewTime: '2026-01-02T03:04:05.123456Z' } },
  ],
  [
    'numbers or names',
    'io.k8s.api.core.v1.Service',
    { spec: { ports: [{ port: 80, targetPort: 'http' }, { port: 81 }] } },
    { spec: { ports: [{ targetPort: 'http' }, { targetPort: 0 }] } },
  ],
  ['nulls in maps', CONFIG_MAP, { data: { a: null } }, { data: { a: '' } }],
  ['bytes over several lines', SECRET, { data: { a: 'aGVs\nbG8=' } }, { data: { a: 'aGVsbG8=' } }],
])('written the usual way: %s', (_, schemaName, body, expected) => {
  expect(decodeObject(body, schemaName).object).toMatchObject(expected as object);
});

test('unknown fields are dropped and told, in the order written', () => {
  const body = {
    metadata: { name: 'x', fooo: 1 },
    bar: 2,
    spec: { containers: [{ name: 'a', imagee: 'c', resources: { limitz: {} } }], Volumes: [] },
  };
  const { object, problems } = decodeObject(body, POD);
  expect(problems).toEqual([
    'unknown field "metadata.fooo"',
    'unknown field "bar"',
    'unknown field "spec.containers[0].imagee"',
    'unknown field "spec.containers[0].resources.limitz"',
    'unknown field "spec.Volumes"',
  ]);
  expect(object).toEqual({
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'x' },
    spec: { containers: [{ name: 'a', resources: {} }] },
    status: {},
  });
  const gvk = { group: '', version: 'v1', kind: 'Pod' };
  expect(strictError(gvk, problems.slice(0, 2)).message).toBe(
    'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "metadata.fooo", unknown field "bar"',
  );
});

const pod = { group: '', version: 'v1', kind: 'Pod' };
const known = ({ group, version, kind }: typeof pod) => schemaNameOf(group, version, kind) !== undefined;
const SHAPE = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
const UNRECOGNIZED = 'the object provided is unrecognized (must be of type Pod): ';

test.each<[string, unknown, string]>([
  [
    'another kind',
    { apiVersion: 'v1', kind: 'Service' },
    'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
  ],
  [
    'no such kind',
    { apiVersion: 'v1', kind: 'Foo' },
    'Foo in version "v1" cannot be handled as a Pod: no kind "Foo" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  ],
  [
    'no such version',
    { apiVersion: 'v2', kind: 'Pod' },
    'Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
  ],
  [
    'a list',
    [1],
    `${UNRECOGNIZED}couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type ${SHAPE} (body)`,
  ],
  [
    'a number for the kind',
    { kind: 1 },
    `${UNRECOGNIZED}couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string (body)`,
  ],
  ['too many slashes', { apiVersion: 'a/b/c' }, `${UNRECOGNIZED}unexpected GroupVersion string: a/b/c (body)`],
])('a body that says it is something else: %s', (_, json, sentence) => {
  const body = { json: json as never, summary: 'body' };
  expect(() => checkTypeMeta(body, pod, known)).toThrow(expect.objectContaining({ message: sentence, code: 400 }));
});

test('a body that does not say takes it from the path', () => {
  expect(checkTypeMeta({ json: { metadata: {} }, summary: '' }, pod, known)).toEqual(pod);
  expect(checkTypeMeta({ json: null, summary: '' }, pod, known)).toEqual(pod);
});
