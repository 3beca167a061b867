import { expect, test } from '@jest/globals';
import { keyPairProblem } from './key-pair.ts';

const pem = (type: string) => `-----BEGIN ${type}-----\nYQ==\n-----END ${type}-----\n`;
const encoded = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['no certificate', 'a', 'b', 'tls: failed to find any PEM data in certificate input'],
  [
    'switched',
    pem('PRIVATE KEY'),
    'b',
    'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
  ],
  [
    'something else',
    pem('PUBLIC KEY'),
    'b',
    'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [PUBLIC KEY]',
  ],
  ['no key', pem('CERTIFICATE'), 'b', 'tls: failed to find any PEM data in key input'],
  [
    'two certificates',
    pem('CERTIFICATE'),
    pem('CERTIFICATE'),
    'tls: found a certificate rather than a key in the PEM for the private key',
  ],
])('%s', (_name, certificate, key, problem) =>
  expect(keyPairProblem(encoded(certificate), encoded(key))).toBe(problem),
);
