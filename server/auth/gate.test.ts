import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { judge, type RequestHead } from './gate.ts';
import { loadSecret, SignIn } from './sign-in.ts';

const clock = { now: Date.parse('2026-03-01T09:00:00Z') };
const signIn = new SignIn({ secret: Buffer.alloc(32, 1), now: () => clock.now, token: 'the-right-token' });
const good = signIn.issueCookie().split(';')[0] ?? '';
const options = { signIn, allowedHosts: ['trainer.example'] };

function head(changes: Partial<RequestHead> = {}): RequestHead {
  const { headers, ...rest } = changes;
  return { method: 'GET', url: '/', upgrade: false, headers: { host: 'localhost:7100', ...headers }, ...rest };
}

test.each([
  { name: 'localhost', host: 'localhost:7100' },
  { name: 'an address', host: '127.0.0.1:7100' },
  { name: 'a forwarded port', host: 'localhost:8080' },
  { name: 'IPv6', host: '[::1]:7100' },
  { name: 'an allowed name, in any case', host: 'Trainer.example' },
])('host let in: $name', ({ host }) => {
  expect(judge(head({ headers: { host, cookie: good } }), options)).toEqual({ verdict: 'pass' });
});

test.each([
  { name: 'a name of somebody else', headers: { host: 'evil.example:7100', cookie: good } },
  { name: 'a name that only begins well', headers: { host: 'localhost.evil.example', cookie: good } },
  { name: 'an address in a name', headers: { host: '127.0.0.1.evil.example', cookie: good } },
  { name: 'credentials in the host', headers: { host: 'localhost:7100@evil.example', cookie: good } },
  { name: 'nothing', headers: { host: '', cookie: good } },
])('host refused: $name', ({ headers }) => {
  expect(judge(head({ headers }), options)).toMatchObject({ verdict: 'refuse', status: 421, reason: 'foreign-host' });
});

test.each([
  { name: 'own', headers: { origin: 'http://localhost:7100' }, upgrade: true, pass: true },
  { name: 'own behind TLS', headers: { origin: 'https://localhost:7100' }, upgrade: true, pass: true },
  { name: 'none, for a page', headers: {}, upgrade: false, pass: true },
  { name: 'none, for a socket', headers: {}, upgrade: true, pass: false },
  { name: 'foreign page', headers: { origin: 'http://evil.example' }, upgrade: false, pass: false },
  { name: 'foreign socket', headers: { origin: 'http://evil.example' }, upgrade: true, pass: false },
  { name: 'another port here', headers: { origin: 'http://localhost:3000' }, upgrade: true, pass: false },
  { name: 'null', headers: { origin: 'null' }, upgrade: false, pass: false },
])('origin: $name', ({ headers, upgrade, pass }) => {
  const verdict = judge(head({ headers: { ...headers, cookie: good }, upgrade }), options);
  expect(verdict).toMatchObject(pass ? { verdict: 'pass' } : { verdict: 'refuse', reason: 'foreign-origin' });
});

test('the link signs in, as often as it is opened, and takes the token out of the address', () => {
  for (let use = 0; use < 2; use += 1) {
    const verdict = judge(head({ url: '/?token=the-right-token' }), options);
    expect(verdict).toMatchObject({ verdict: 'redirect', location: '/' });
    if (verdict.verdict !== 'redirect') throw new Error(verdict.verdict);
    expect(verdict.setCookie).toMatch(/^drydock=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    const cookie = verdict.setCookie?.split(';')[0] ?? '';
    expect(judge(head({ headers: { cookie } }), options)).toEqual({ verdict: 'pass' });
  }
});

test.each([
  { name: 'no cookie', head: head(), reason: 'no-cookie' },
  { name: 'a wrong token', head: head({ url: '/?token=wrong' }), reason: 'wrong-token' },
  { name: 'an empty token', head: head({ url: '/?token=' }), reason: 'wrong-token' },
  { name: 'the token elsewhere', head: head({ url: '/progress?token=the-right-token' }), reason: 'no-cookie' },
  {
    name: 'the token with POST',
    head: head({ url: '/?token=the-right-token', method: 'POST' }),
    reason: 'no-cookie',
  },
  { name: 'a made-up cookie', head: head({ headers: { cookie: 'drydock=aaa.bbb.ccc' } }), reason: 'no-cookie' },
  { name: 'a cookie with another body', head: head({ headers: { cookie: `${good}x` } }), reason: 'no-cookie' },
  {
    name: 'a cookie of another name',
    head: head({ headers: { cookie: good.replace('drydock', 'drydock-1') } }),
    reason: 'no-cookie',
  },
  {
    name: 'a socket',
    head: head({ upgrade: true, headers: { origin: 'http://localhost:7100' } }),
    reason: 'no-cookie',
  },
])('refused: $name', ({ head, reason }) => {
  expect(judge(head, options)).toEqual({ verdict: 'refuse', status: 401, reason });
});

test('an old link in a browser that is signed in goes on', () => {
  const verdict = judge(head({ url: '/?token=old', headers: { cookie: `a=b; ${good}; c=d` } }), options);
  expect(verdict).toEqual({ verdict: 'redirect', location: '/' });
});

test('a cookie ends after a month, and one of another secret never counts', () => {
  const value = good.slice('drydock='.length);
  const month = 30 * 24 * 60 * 60 * 1000;
  const later = (now: number, fill = 1) => new SignIn({ secret: Buffer.alloc(32, fill), now: () => now });
  expect(later(clock.now + month).cookieValid(value)).toBe(true);
  expect(later(clock.now + month + 1).cookieValid(value)).toBe(false);
  expect(later(clock.now - 3_600_000).cookieValid(value)).toBe(false);
  expect(later(clock.now, 2).cookieValid(value)).toBe(false);
});

test('the secret outlives the server and is for its owner only', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-secret-'));
  try {
    const secret = loadSecret(folder);
    expect(loadSecret(folder)).toEqual(secret);
    expect(statSync(path.join(folder, 'cookie-secret')).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
