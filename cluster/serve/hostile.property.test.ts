import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Cluster } from '#cluster/cluster.ts';
import { handle, type ApiRequest } from './api.ts';
import { encodeEvent, encodeReply } from './encode.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = Cluster.create({ now: Date.UTC(2026, 0, 1), bare: true });
});

const admin = { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
/** Lone surrogates have no encoding. */
const encodeWell = (text: string): string => encodeURIComponent(text.toWellFormed());
const odd = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('..', '%00', '', 'watch', '__proto__', 'constructor'),
);
const segment = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('api', 'apis', 'v1', 'apps', 'namespaces', 'default', 'pods', 'configmaps', 'status'),
  },
  { weight: 1, arbitrary: odd.map(encodeWell) },
);
const path = fc.oneof(
  fc.array(segment, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`),
  fc.constantFrom(
    '/api/v1/namespaces/default/configmaps',
    '/api/v1/namespaces/default/pods',
    '/api/v1/namespaces/default/configmaps/kube-root-ca.crt',
    '/apis/apps/v1/namespaces/default/deployments',
    '/apis/apps/v1/namespaces/default/deployments/x/scale',
    '/api/v1/namespaces/default/serviceaccounts/default/token',
    '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    '/api/v1/namespaces/default',
    '/api/v1/nodes',
  ),
);
const PARAMETERS = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'watch',
  'timeoutSeconds',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'includeObject',
  'gracePeriodSeconds',
  'propagationPolicy',
  'pretty',
  'verbose',
];
const query = fc.array(
  fc.tuple(
    fc.oneof(fc.constantFrom(...PARAMETERS), fc.string()),
    fc.oneof(odd, fc.constantFrom('0', '1', '-1', '5', 'true', 'All', 'Exact', 'NotOlderThan', 'Strict')),
  ),
  { maxLength: 4 },
);
const TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  '*/*',
];
const types = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...TYPES) }, { weight: 1, arbitrary: fc.string() });
const headers = fc.record(
  { accept: types, 'content-type': types, 'user-agent': fc.string(), 'if-none-match': fc.string() },
  { requiredKeys: [] },
);
const likely = fc.record({
  apiVersion: fc.oneof(fc.constantFrom('v1', 'apps/v1'), fc.jsonValue()),
  kind: fc.oneof(fc.constantFrom('ConfigMap', 'Pod', 'Deployment'), fc.jsonValue()),
  metadata: fc.oneof(
    fc.record({ name: fc.oneof(fc.constantFrom('a', 'kube-root-ca.crt'), fc.jsonValue()), labels: fc.jsonValue() }),
    fc.jsonValue(),
  ),
  spec: fc.jsonValue(),
  data: fc.jsonValue(),
});
const body = fc.oneof(
  fc.uint8Array(),
  fc.json().map((text) => Buffer.from(text)),
  fc.string().map((text) => Buffer.from(text)),
  likely.map((value) => Buffer.from(JSON.stringify(value))),
  fc.uint8Array().map((bytes) => Buffer.concat([Buffer.from('k8s\0'), bytes])),
);
const request: fc.Arbitrary<ApiRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
    path,
    query: query.map((pairs) => new URLSearchParams(pairs)),
    headers,
    body,
  })
  .map((one) => ({ ...one, user: admin }));

/** What the real server too calls its own fault. */
const FAULTS = /^resourceVersion: Invalid value|^etcdserver: /;

test('any request has an answer, and none that says it was our fault', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const fork = cluster.fork();
      const reply = handle(fork, asked);
      if (reply.kind === 'bytes' || reply.kind === 'stream') return;
      if (reply.kind === 'watch') {
        for (const event of reply.watch.initial) if (reply.wanted.as !== 'Table') encodeEvent(fork, reply, event, true);
        return;
      }
      try {
        encodeReply(fork, reply, asked.query);
      } catch (error) {
        expect(error).toMatchObject({ name: 'StatusError' });
      }
      fork.settle();
      if (reply.kind === 'object' && 'code' in reply.object && reply.code === 500) {
        expect((reply.object as { message?: string }).message).toMatch(FAULTS);
      }
    }),
    { numRuns: Number(process.env['HOSTILE_RUNS'] ?? 300) },
  );
});
