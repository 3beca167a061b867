import { expect, test } from '@jest/globals';
import { path, printFieldError } from '../../api/field.ts';
import { cidrWarnings, ipWarnings, strictCidrErrors, strictIpErrors } from './ip-warnings.ts';

const at = path('spec', 'x');

test.each([
  ['plain IPv4', '10.0.0.1', []],
  ['plain IPv6', '2001:db8::1', []],
  ['no address', 'bogus', []],
  [
    'leading zeros',
    '010.0.0.1',
    [
      'spec.x: non-standard IP address "010.0.0.1" will be considered invalid in a future Kubernetes release: use "10.0.0.1"',
    ],
  ],
  [
    'IPv4 in IPv6 clothes',
    '::ffff:10.0.0.1',
    [
      'spec.x: non-standard IP address "::ffff:10.0.0.1" will be considered invalid in a future Kubernetes release: use "10.0.0.1"',
    ],
  ],
  [
    'capitals',
    '2001:DB8::1',
    ['spec.x: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")'],
  ],
])('warnings of an address: %s', (_name, value, expected) => expect(ipWarnings(value, at)).toEqual(expected));

test.each([
  ['plain', '10.0.0.0/8', []],
  [
    'bits after the prefix',
    '10.0.0.5/16',
    ['spec.x: CIDR value "10.0.0.5/16" is ambiguous in this context (should be "10.0.0.0/16" or "10.0.0.5/32"?)'],
  ],
  [
    'leading zeros',
    '010.0.0.0/8',
    [
      'spec.x: non-standard CIDR value "010.0.0.0/8" will be considered invalid in a future Kubernetes release: use "10.0.0.0/8"',
    ],
  ],
  [
    'capitals',
    '2001:DB8::/32',
    ['spec.x: IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")'],
  ],
])('warnings of a range: %s', (_name, value, expected) => expect(cidrWarnings(value, at)).toEqual(expected));

test.each([
  ['canonical', '10.0.0.1', []],
  ['leading zeros', '10.00.0.1', ['spec.x: Invalid value: "10.00.0.1": must not have leading 0s']],
  [
    'IPv4 in IPv6 clothes',
    '::ffff:1.2.3.4',
    ['spec.x: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address'],
  ],
  ['capitals', '2001:DB8::1', ['spec.x: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")']],
  ['no address', 'x', ['spec.x: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
])('a strict address: %s', (_name, value, expected) =>
  expect(strictIpErrors(value, at).map(printFieldError)).toEqual(expected),
);

test.each([
  ['canonical', '10.0.0.0/8', []],
  ['bits', '10.0.0.1/8', ['spec.x: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length']],
  ['zeros', '10.0.0.0/08', ['spec.x: Invalid value: "10.0.0.0/08": must not have leading 0s in IP or prefix length']],
])('a strict range: %s', (_name, value, expected) =>
  expect(strictCidrErrors(value, at).map(printFieldError)).toEqual(expected),
);
