import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { StatusError } from '../api/status.ts';
import { makeAuthenticator } from './authenticate.ts';
import { createAuthority } from './certificates.ts';

const NOW = Date.now();
const DAY_MS = 24 * 60 * 60 * 1000;
const authority = await createAuthority(NOW);
const ann = await authority.client('ann', ['dev', 'ops']);
const nameless = await authority.client('', ['dev']);
const server = await authority.server(['localhost']);
const stranger = await (await createAuthority(NOW)).client('ann', ['system:masters']);

/** `name group,group`, or the refusal. */
function who(certificate: string | undefined, headers: IncomingHttpHeaders = {}, now = NOW): string {
  const authenticate = makeAuthenticator({
    authority: authority.certificate,
    tokenUser: (token) => (token === 'good' ? { username: 'bot', groups: ['bots'] } : undefined),
    now: () => now,
  });
  const presented = certificate === undefined ? undefined : new X509Certificate(certificate);
  const request = { headers, socket: { getPeerX509Certificate: () => presented } } as unknown as IncomingMessage;
  try {
    const { user, warning } = authenticate(request);
    return [user.username, user.groups.join(','), ...(warning ? [warning] : [])].join(' ');
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

const ANONYMOUS = 'system:anonymous system:unauthenticated';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const socket = (...protocols: string[]) => ({
  upgrade: 'websocket',
  'sec-websocket-protocol': protocols.join(', '),
});
const encoded = (token: string) => `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`;

test.each<[string, string | undefined, IncomingHttpHeaders, string]>([
  ['nothing', undefined, {}, ANONYMOUS],
  ['a certificate', ann.certificate, {}, 'ann dev,ops,system:authenticated'],
  ['a certificate of another authority', stranger.certificate, {}, '401 Unauthorized'],
  ['a certificate for servers', server.certificate, {}, '401 Unauthorized'],
  ['a certificate of nobody', nameless.certificate, {}, ANONYMOUS],
  ['a certificate and a bad token', ann.certificate, bearer('bad'), 'ann dev,ops,system:authenticated'],
  ['a bad certificate and a token', stranger.certificate, bearer('good'), 'bot bots'],
  ['a token', undefined, bearer('good'), 'bot bots'],
  ['a bad token', undefined, bearer('bad'), '401 Unauthorized'],
  ['no token after all', undefined, { authorization: 'Bearer' }, ANONYMOUS],
  [
    'a token after two spaces',
    undefined,
    { authorization: 'Bearer  good' },
    `${ANONYMOUS} the provided Authorization header contains extra space before the bearer token, and is ignored`,
  ],
  ['a password', undefined, { authorization: 'Basic YTpi' }, ANONYMOUS],
  ['a token as a subprotocol', undefined, socket('v5.channel.k8s.io', encoded('good')), 'bot bots'],
  ['a bad token as a subprotocol', undefined, socket('v5.channel.k8s.io', encoded('bad')), '401 Unauthorized'],
  ['a token as the only subprotocol', undefined, socket(encoded('good')), '401 Unauthorized'],
  ['two tokens', undefined, socket('v5.channel.k8s.io', encoded('good'), encoded('good')), '401 Unauthorized'],
  ['other subprotocols', undefined, socket('v5.channel.k8s.io'), ANONYMOUS],
])('%s', (_case, certificate, headers, answer) => {
  expect(who(certificate, headers)).toBe(answer);
});

test('a certificate ends by the cluster’s clock', () => {
  expect(who(ann.certificate, {}, NOW + 364 * DAY_MS)).toBe('ann dev,ops,system:authenticated');
  expect(who(ann.certificate, {}, NOW + 366 * DAY_MS)).toBe('401 Unauthorized');
});

test('the token is not among the subprotocols that are offered on', () => {
  const authenticate = makeAuthenticator({
    authority: authority.certificate,
    tokenUser: () => ({ username: 'bot', groups: [] }),
    now: () => NOW,
  });
  const headers: IncomingHttpHeaders = socket(encoded('good'), 'v5.channel.k8s.io');
  authenticate({ headers, socket: { getPeerX509Certificate: () => undefined } } as unknown as IncomingMessage);
  expect(headers['sec-websocket-protocol']).toBe('v5.channel.k8s.io');
});
