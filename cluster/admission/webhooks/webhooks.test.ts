import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../api/types.ts';
import type { Webhook } from '../../api/admission-registration.ts';
import { admit } from '../testing.ts';
import { mutatingAdmissionWebhook, validatingAdmissionWebhook } from './index.ts';

const HOOK: Webhook = {
  name: 'check.example.com',
  clientConfig: { url: 'https://127.0.0.1:9/check' },
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'], scope: '*' }],
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  sideEffects: 'None',
  timeoutSeconds: 5,
};
const SERVICES: KubeObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'there', namespace: 'hooks' },
    spec: { clusterIP: '10.96.0.7', ports: [{ port: 443 }] },
  } as KubeObject,
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'outside', namespace: 'hooks' },
    spec: { type: 'ExternalName', externalName: 'hooks.example.invalid' },
  } as KubeObject,
];

function call(hook: Partial<Webhook>, { dryRun = false, mutating = false, resource = 'configmaps' } = {}) {
  const which = mutating ? 'mutatingwebhookconfigurations' : 'validatingwebhookconfigurations';
  const configuration = { apiVersion: 'v1', kind: 'X', metadata: { name: 'w' }, webhooks: [{ ...HOOK, ...hook }] };
  return admit(
    mutating ? mutatingAdmissionWebhook : validatingAdmissionWebhook,
    resource,
    { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'blue' } }, dryRun },
    { [`${which}.admissionregistration.k8s.io`]: [configuration], services: SERVICES },
  ).refusal;
}

const failed = (to: string, why: string) =>
  `Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: Post "${to}?timeout=5s": ${why}`;
const service = (name: string, port?: number): Partial<Webhook> => ({
  clientConfig: { service: { name, namespace: 'hooks', path: '/v', ...(port === undefined ? {} : { port }) } },
});
const REFUSED = failed('https://127.0.0.1:9/check', 'dial tcp 127.0.0.1:9: connect: connection refused');

test.each<[string, Partial<Webhook>, string | undefined]>([
  ['a closed port', {}, REFUSED],
  [
    'a name of this machine',
    { clientConfig: { url: 'https://localhost' } },
    failed('https://localhost/', 'dial tcp 127.0.0.1:443: connect: connection refused'),
  ],
  [
    'an address far away',
    { clientConfig: { url: 'https://192.0.2.1/' } },
    failed('https://192.0.2.1/', 'context deadline exceeded'),
  ],
  ['a service that is not there', service('gone'), failed('https://gone.hooks.svc:443/v', 'service "gone" not found')],
  [
    'a port that the service has not',
    service('there', 8443),
    failed('https://there.hooks.svc:8443/v', 'no service port 8443 found for service "there"'),
  ],
  [
    'a service that nothing answers for',
    service('there'),
    failed('https://there.hooks.svc:443/v', 'dial tcp 10.96.0.7:443: connect: connection refused'),
  ],
  [
    'a name outside',
    service('outside'),
    failed(
      'https://outside.hooks.svc:443/v',
      'dial tcp: lookup hooks.example.invalid on 10.255.255.53:53: no such host',
    ),
  ],
  [
    'a certificate that is none',
    { clientConfig: { url: 'https://127.0.0.1:9', caBundle: 'aGVsbG8=' } },
    'Internal error occurred: failed calling webhook "check.example.com": could not get REST client: unable to load root certificates: unable to parse bytes as PEM block',
  ],
  ['a failure that is ignored', { failurePolicy: 'Ignore' }, undefined],
  ['other operations', { rules: [{ ...HOOK.rules?.[0], operations: ['DELETE'] }] }, undefined],
  ['cluster-scoped objects only', { rules: [{ ...HOOK.rules?.[0], scope: 'Cluster' }] }, undefined],
  ['other objects', { objectSelector: { matchLabels: { a: 'b' } } }, undefined],
  ['a condition not met', { matchConditions: [{ name: 'x', expression: "object.metadata.name == 'd'" }] }, undefined],
  [
    'a condition that fails',
    { matchConditions: [{ name: 'x', expression: 'object.spec.x == 1' }] },
    'configmaps "c" is forbidden: expression \'object.spec.x == 1\' resulted in error: no such key: spec',
  ],
  [
    'a condition whose failure is ignored',
    { failurePolicy: 'Ignore', matchConditions: [{ name: 'x', expression: 'object.spec.x == 1' }] },
    undefined,
  ],
])('%s', (_case, hook, wanted) => expect(call(hook)).toBe(wanted));

test('those that change objects come first and fail the same way', () => {
  expect(call({}, { mutating: true })).toBe(REFUSED);
});

test('one with side effects is not for dry runs', () => {
  expect(call({ sideEffects: 'Some' }, { dryRun: true })).toBe(
    'admission webhook "check.example.com" does not support dry run',
  );
  expect(call({ sideEffects: 'NoneOnDryRun', failurePolicy: 'Ignore' }, { dryRun: true })).toBeUndefined();
});
