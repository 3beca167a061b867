import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createMasker } from './mask-secrets.ts';

const stars = (secret: string): string => secret.replaceAll(/\S/g, '*');
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const jwt = `${Buffer.from('{"alg":"RS256","kid":"x"}').toString('base64url')}.${Buffer.from('{"sub":"a"}').toString('base64url')}.c2lnbmF0dXJl-_`;
const body = privateKey.split('\n').slice(1, -2).join('\r\n');

test.each<{ name: string; before?: string; secret: string; after?: string }>([
  { name: 'a token that kubectl prints', secret: jwt, after: '\r\n' },
  { name: 'a token in a Secret', before: '  token: ', secret: base64(jwt), after: '\r\n' },
  { name: 'any token by its name', before: '"token": "', secret: 'AbCdEf0123456789xyz', after: '"\r\n' },
  { name: 'a token on a command line', before: 'k --token=', secret: 'AbCdEf0123456789xyz', after: ' get po\r\n' },
  { name: 'a token of a header', before: 'Authorization: Bearer ', secret: 'AbCdEf0123456789xyz' },
  { name: 'a bootstrap token', before: 'kubeadm join --token ', secret: 'abcdef.0123456789abcdef', after: ' --x\r\n' },
  {
    name: 'a kubeconfig’s key',
    before: '    client-key-data: ',
    secret: base64(privateKey),
    after: '\r\nkind: Config\r\n',
  },
  {
    name: 'coloured by grep',
    before: '\u001b[01;31m\u001b[Kclient-key-data\u001b[m\u001b[K: ',
    secret: base64(privateKey),
  },
  {
    name: 'a PEM key',
    before: '$ cat key\r\n-----BEGIN RSA PRIVATE KEY-----\r\n',
    secret: body,
    after: '\r\n-----END RSA PRIVATE KEY-----\r\n$ ',
  },
])('masked: $name', ({ before = '', secret, after = '' }) => {
  expect(createMasker().mask(`${before}${secret}${after}`)).toBe(`${before}${stars(secret)}${after}`);
});

test.each([
  { name: 'a certificate', text: `certificate-authority-data: ${base64('-----BEGIN CERTIFICATE-----\nMIIB')}` },
  { name: 'a public key', text: base64(publicKey) },
  { name: 'an event’s name', text: 'web-5d4f8c-abcdef.188d2f0a1b2c3d4e' },
  { name: 'Korean and colours', text: '\u001b[1;32m한글 😀\u001b[0m token: none\r\n' },
  { name: 'an image’s digest', text: 'nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' },
])('not masked: $name', ({ text }) => {
  expect(createMasker().mask(text)).toBe(text);
});

test('a key that comes in pieces', () => {
  const masker = createMasker();
  const [first = '', ...rest] = privateKey.split('\n');
  const shown = [`${first}\r\n`, ...rest.map((line) => `${line}\r\n`)].map((line) => masker.mask(line)).join('');
  expect(shown).toBe([first, ...rest.slice(0, -2).map(stars), ...rest.slice(-2)].map((line) => `${line}\r\n`).join(''));
});

test('a key without an end does not hide all that follows', () => {
  const masker = createMasker();
  masker.mask('-----BEGIN PRIVATE KEY-----\r\n');
  for (let line = 0; line < 200; line += 1) masker.mask(`${'x'.repeat(64)}\r\n`);
  expect(masker.mask('seen\r\n')).toBe('seen\r\n');
});

test('sequences inside a secret stay, and characters beyond the first plane do not shift it', () => {
  expect(createMasker().mask(`😀 ${jwt.slice(0, 30)}\u001b[0m${jwt.slice(30)}`)).toBe(
    `😀 ${'*'.repeat(30)}\u001b[0m${'*'.repeat(jwt.length - 30)}`,
  );
});
