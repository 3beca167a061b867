import { expect, test } from '@jest/globals';
import type { KubeObject, Secret } from '../api/types.ts';
import { Store } from '../store/store.ts';
import { authenticateToken } from './authenticate-token.ts';
import { ISSUER, LEGACY_ISSUER, unsigned, type Claims, type TokenSigner } from './tokens.ts';

const NOW = Date.UTC(2026, 0, 31, 9);
const SECONDS = NOW / 1000;
/** Reads whatever it is shown. */
const signer: TokenSigner = {
  ...unsigned,
  read: (token) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims,
};

const bound = (name: string) => ({ name, uid: `${name}-uid` });
const object = (kind: string, name: string, rest: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'dev', uid: `${name}-uid` },
  ...rest,
});
const claims = (rest: object = {}, kubernetes: object = {}): Claims => ({
  aud: [ISSUER],
  exp: SECONDS + 600,
  iat: SECONDS,
  iss: ISSUER,
  jti: 'id',
  nbf: SECONDS,
  sub: 'system:serviceaccount:dev:bot',
  'kubernetes.io': { namespace: 'dev', serviceaccount: bound('bot'), ...kubernetes },
  ...rest,
});
const legacy: Claims = {
  iss: LEGACY_ISSUER,
  'kubernetes.io/serviceaccount/namespace': 'dev',
  'kubernetes.io/serviceaccount/secret.name': 'token',
  'kubernetes.io/serviceaccount/service-account.name': 'bot',
  'kubernetes.io/serviceaccount/service-account.uid': 'bot-uid',
  sub: 'system:serviceaccount:dev:bot',
};

function ask(
  token: string,
  {
    nowMs = NOW,
    audiences = [],
    objects = {},
  }: { nowMs?: number; audiences?: string[]; objects?: Record<string, KubeObject> } = {},
) {
  const store = new Store();
  store.put('serviceaccounts', object('ServiceAccount', 'bot'));
  for (const [resource, one] of Object.entries(objects)) store.put(resource, one);
  const verdict = authenticateToken({ store, signer, nowMs }, token, audiences);
  return 'user' in verdict ? `${verdict.user.username} ${verdict.user.groups.join(',')}` : verdict.error;
}

const BOT = 'system:serviceaccount:dev:bot system:serviceaccounts,system:serviceaccounts:dev,system:authenticated';
const token = (of: Claims) => unsigned.sign(of);

test.each([
  ['a token', claims(), {}, BOT],
  ['a token that has ended', claims(), { nowMs: NOW + 661_000 }, 'service account token has expired'],
  [
    'a token for others',
    claims({ aud: ['vault'] }),
    {},
    `token audiences ["vault"] is invalid for the target audiences ["${ISSUER}"]`,
  ],
  ['a token shown to whom it is for', claims({ aud: ['vault'] }), { audiences: ['vault'] }, BOT],
  [
    'a token of an account that was made again',
    claims({}, { serviceaccount: { name: 'bot', uid: 'old' } }),
    {},
    'service account UID (bot-uid) does not match claim (old)',
  ],
  [
    'a token of a pod that is gone',
    claims({}, { pod: bound('web') }),
    {},
    'service account token has been invalidated',
  ],
  ['a token of a pod', claims({}, { pod: bound('web') }), { objects: { pods: object('Pod', 'web') } }, BOT],
  [
    'a token of another pod of that name',
    claims({}, { pod: { name: 'web', uid: 'old' } }),
    { objects: { pods: object('Pod', 'web') } },
    'pod UID (web-uid) does not match service account pod ref claim (old)',
  ],
  ['a token in a Secret that is gone', legacy, {}, 'Token has been invalidated'],
  [
    'a token in a Secret that has another',
    legacy,
    { objects: { secrets: object('Secret', 'token', { data: { token: 'AAAA' } }) } },
    "Token does not match server's copy",
  ],
  [
    'a token in a Secret',
    legacy,
    {
      objects: {
        secrets: object('Secret', 'token', { data: { token: Buffer.from(token(legacy)).toString('base64') } }),
      },
    },
    BOT,
  ],
])('%s', (_case, of, how, answer) => {
  expect(ask(token(of), how)).toBe(answer);
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const bootstrap = (data: Record<string, string>, type = 'bootstrap.kubernetes.io/token'): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
  type,
  data: Object.fromEntries(
    Object.entries({
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-authentication': 'true',
      ...data,
    }).map(([key, value]) => [key, base64(value)]),
  ),
});

test.each<[string, Secret, string]>([
  ['good', bootstrap({}), 'system:bootstrap:abcdef system:bootstrappers,system:authenticated'],
  [
    'with groups',
    bootstrap({ 'auth-extra-groups': 'system:bootstrappers:lab' }),
    'system:bootstrap:abcdef system:bootstrappers,system:bootstrappers:lab,system:authenticated',
  ],
  ['with a group of others', bootstrap({ 'auth-extra-groups': 'system:masters' }), ''],
  ['with another key', bootstrap({ 'token-secret': 'fedcba9876543210' }), ''],
  ['that has ended', bootstrap({ expiration: '2026-01-31T08:00:00Z' }), ''],
  ['for signing only', bootstrap({ 'usage-bootstrap-authentication': 'false' }), ''],
  ['of another type', bootstrap({}, 'Opaque'), ''],
])('a bootstrap token %s', (_case, secrets, answer) => {
  expect(ask('abcdef.0123456789abcdef', { objects: { secrets } })).toBe(answer);
});
