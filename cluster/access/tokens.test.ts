import { expect, test } from '@jest/globals';
import { tokenUser } from '#cluster/access/tokens.ts';
import type { KubeObject } from '#cluster/api/types.ts';
import { Cluster } from '#cluster/cluster.ts';
import { resources } from '#cluster/schema/resources.ts';
import { createAuthority } from '#cluster/serve/certificates.ts';
import { tokenSigner } from '#cluster/serve/token-signer.ts';

const START = Date.UTC(2026, 0, 31, 9);
const signer = tokenSigner((await createAuthority(START)).keyPair);
const info = resources.find(({ resource }) => resource === 'serviceaccounts');

function ask(spec: object, name = 'default') {
  const cluster = Cluster.create({ now: START, bare: true, tokens: signer });
  const { registry } = cluster;
  if (!info) throw new Error('no service accounts');
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: {},
    spec,
  } as unknown as KubeObject;
  const context = {
    user: { username: 'admin', groups: ['system:masters'] },
    dryRun: false,
    fieldManager: 't',
    fieldValidation: 'Strict' as const,
    warn: () => undefined,
  };
  const answer = registry.act(registry.target(info), 'default', name, 'token', body, context) as KubeObject & {
    status: { token: string; expirationTimestamp: string };
  };
  return { cluster, ...answer.status };
}

test('a token stands for its service account, until it expires or the account is gone', () => {
  const { cluster, token, expirationTimestamp } = ask({ expirationSeconds: 600 });
  const claims = signer.read(token);
  if (!claims) throw new Error('unreadable');
  expect(claims.sub).toBe('system:serviceaccount:default:default');
  expect(expirationTimestamp).toBe('2026-01-31T09:10:00Z');
  const who = (nowMs: number) => {
    const verdict = tokenUser(cluster.store, { claims, token, nowMs });
    return 'user' in verdict ? verdict.user.username : verdict.error;
  };
  expect(who(START)).toBe('system:serviceaccount:default:default');
  // a minute of grace: clocks differ
  expect(who(START + 660_000)).toBe('service account token has expired');
  cluster.client('admin').delete('serviceaccounts', 'default', 'default');
  expect(who(START)).toBe('serviceaccounts "default" not found');
  cluster.settle();
  expect(who(START)).toMatch(/^service account UID \(\S+\) does not match claim \(\S+\)$/);
});

test.each([
  [
    'too short a time',
    { expirationSeconds: 300 },
    'default',
    'spec.expirationSeconds: Invalid value: 300: may not specify a duration less than 10 minutes',
  ],
  ['an account that is not there', {}, 'ghost', 'serviceaccounts "ghost" not found'],
  ['a pod that is not there', { boundObjectRef: { kind: 'Pod', name: 'ghost' } }, 'default', 'pods "ghost" not found'],
])('%s is refused', (_name, spec, name, message) => {
  expect(() => ask(spec, name)).toThrow(message);
});

test.each([
  ['another key', async () => tokenSigner((await createAuthority(START)).keyPair).sign(signer.read(ask({}).token)!)],
  [
    'changed claims',
    () =>
      Promise.resolve(
        ask({}).token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"system:admin"}').toString('base64url')}.`),
      ),
  ],
  ['no algorithm', () => Promise.resolve(`${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`)],
  ['nonsense', () => Promise.resolve('nonsense')],
])('a token with %s is nobody', async (_name, make) => {
  expect(signer.read(await make())).toBeUndefined();
});
