import { expect, test } from '@jest/globals';
import type { Pod, PodSpec, ServiceAccount } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { serviceAccount } from './index.ts';

const account = (name: string, rest: Partial<ServiceAccount> = {}): ServiceAccount => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  ...rest,
  metadata: { ...rest.metadata, name, namespace: 'dev' },
});
const pod = (spec: Partial<PodSpec> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'dev' },
  spec: { containers: [{ name: 'web' }], ...spec },
});
const enter = (object: Pod, ...serviceaccounts: ServiceAccount[]) =>
  admit(serviceAccount, 'pods', { object }, { serviceaccounts });
const MOUNT = {
  name: 'kube-api-access-abcde',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

test('every container gets a token, once', () => {
  const { object } = enter(pod({ initContainers: [{ name: 'setup' }] }), account('default'));
  expect(object).toMatchObject({
    spec: {
      serviceAccountName: 'default',
      serviceAccount: 'default',
      containers: [{ name: 'web', volumeMounts: [MOUNT] }],
      initContainers: [{ name: 'setup', volumeMounts: [MOUNT] }],
      volumes: [
        {
          name: 'kube-api-access-abcde',
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              {
                downwardAPI: {
                  items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
                },
              },
            ],
          },
        },
      ],
    },
  });
});

test.each<[string, Partial<PodSpec>, Partial<ServiceAccount>, boolean]>([
  ['the pod says no', { automountServiceAccountToken: false }, { automountServiceAccountToken: true }, false],
  ['the account says no', {}, { automountServiceAccountToken: false }, false],
  ['the pod insists', { automountServiceAccountToken: true }, { automountServiceAccountToken: false }, true],
  ['nobody says anything', {}, {}, true],
  ['its place is taken', { containers: [{ name: 'web', volumeMounts: [{ ...MOUNT, name: 'mine' }] }] }, {}, false],
])('a token is mounted when %s', (_case, spec, rest, mounted) => {
  const { object } = enter(pod(spec), account('default', rest));
  expect((object as Pod).spec?.volumes !== undefined).toBe(mounted);
});

test('secrets to pull images with come from the account', () => {
  const { object } = enter(pod(), account('default', { imagePullSecrets: [{ name: 'reg' }] }));
  expect((object as Pod).spec?.imagePullSecrets).toEqual([{ name: 'reg' }]);
});

test('an account that is not there', () => {
  expect(enter(pod({ serviceAccountName: 'ghost' }), account('default')).refusal).toBe(
    'pods "p" is forbidden: error looking up service account dev/ghost: serviceaccount "ghost" not found',
  );
});

test('an account that lists its secrets', () => {
  const strict = account('default', {
    metadata: { name: 'default', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
    secrets: [{ name: 'known' }],
  });
  const using = (secretName: string) => pod({ volumes: [{ name: 'v', secret: { secretName } }] });
  expect(enter(using('known'), strict).refusal).toBeUndefined();
  expect(enter(using('other'), strict).refusal).toBe(
    'pods "p" is forbidden: volume with secret.secretName="other" is not allowed ' +
      'because service account default does not reference that secret',
  );
});
