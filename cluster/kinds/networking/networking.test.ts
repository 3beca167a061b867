import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import type { Ingress, IngressClass, NetworkPolicy } from '../../api/types.ts';
import type { UpdateContext } from '../kind.ts';
import { ingressClass } from './ingress-class.ts';
import { ingress } from './ingress.ts';
import { networkPolicy } from './network-policy.ts';
import { contains, parseCidr, parseIp } from './ip.ts';

const context = {} as unknown as UpdateContext;

test.each([
  ['10.9.8.7', 'IPv4', 168364039n],
  ['010.009.08.7', 'IPv4', 168364039n],
  ['::ffff:10.9.8.7', 'IPv4', 168364039n],
  ['::1', 'IPv6', 1n],
  ['2001:db8::ffff', 'IPv6', 42540766411282592856903984951653892095n],
])('%s is an %s address', (text, family, value) => {
  expect(parseIp(text)).toEqual({ family, value });
});
test.each(['', '10.9.8', '10.9.8.256', '1:2', ':::', '1::2::3', 'a.b.c.d', '12345::'])('%s is no address', (text) => {
  expect(parseIp(text)).toBeUndefined();
});
test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '::1', false],
  ['2001:db8::/64', '2001:db8::5', true],
])('%s and %s: %s', (range, address, inside) => {
  const cidr = parseCidr(range);
  const ip = parseIp(address);
  expect(cidr && ip && contains(cidr, ip)).toBe(inside);
});

type IngressSpec = NonNullable<Ingress['spec']>;
const made = (spec: IngressSpec): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'dev' },
  spec,
});
const to = (number: number, name = 'web') => ({ service: { name, port: { number } } });
const LABELS =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

// as recorded from 1.35.4
test.each<[string, IngressSpec, string[]]>([
  ['fine', { rules: [{ host: 'a.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: to(80) }] } }] }, []],
  ['empty', {}, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
  [
    'no path type',
    { rules: [{ http: { paths: [{ path: '/', backend: to(80) } as never] } }] },
    ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
  ],
  [
    'much at once',
    {
      ingressClassName: 'Nginx_X',
      rules: [
        {
          host: '10.0.0.1',
          http: {
            paths: [
              {
                path: 'api',
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { name: 'http', number: 80 } } },
              },
              { path: '/x', pathType: 'Regex', backend: { service: { name: 'web' } } },
              { path: '//y', pathType: 'Exact', backend: to(80, '') },
            ],
          },
        },
      ],
    },
    [
      'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
      'spec.rules[0].http.paths[0].path: Invalid value: "api": must be an absolute path',
      'spec.rules[0].http.paths[0].backend: Invalid value: "": cannot set both port name & port number',
      'spec.rules[0].http.paths[1].pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"',
      'spec.rules[0].http.paths[1].backend: Required value: port name or number is required',
      'spec.rules[0].http.paths[2].path: Invalid value: "//y": must not contain \'//\'',
      'spec.rules[0].http.paths[2].backend.service.name: Required value',
      `spec.ingressClassName: Invalid value: "Nginx_X": ${LABELS}`,
    ],
  ],
])('an ingress: %s', (_case, spec, sentences) => {
  expect(ingress.validate?.(made(spec), context).map(printFieldError)).toEqual(sentences);
});

test.each<[string, (string | undefined)[], string]>([
  ['no host', [undefined], '*'],
  ['two hosts', ['a', 'b'], 'a,b'],
  ['three hosts', ['a', 'b', 'c'], 'a,b,c'],
  ['five hosts', ['a', 'b', 'c', 'd', 'e'], 'a,b,c + 2 more...'],
])('kubectl prints %s', (_case, hosts, text) => {
  const rules = hosts.map((host) => (host === undefined ? {} : { host }));
  expect(ingress.cells?.(made({ rules }), context)).toEqual(['web', '<none>', text, '', '80', null]);
});

type PolicySpec = NonNullable<NetworkPolicy['spec']>;
const policy = (spec: PolicySpec): NetworkPolicy => {
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'dev' },
    spec: structuredClone(spec),
  };
  networkPolicy.defaults?.(object);
  return object;
};
test.each<[string, PolicySpec, string[]]>([
  ['deny all', { podSelector: {} }, []],
  [
    'ports',
    {
      podSelector: {},
      ingress: [
        {
          ports: [{ port: 0 }, { protocol: 'HTTP', port: 'Name_X' }, { port: 90, endPort: 80 }, { endPort: 80 }],
        },
      ],
    },
    [
      'spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ingress[0].ports[1].protocol: Unsupported value: "HTTP": supported values: "TCP", "UDP", "SCTP"',
      'spec.ingress[0].ports[1].port: Invalid value: "Name_X": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'spec.ingress[0].ports[2].endPort: Invalid value: 90: must be greater than or equal to `port`',
      'spec.ingress[0].ports[3].endPort: Invalid value: 80: may not be specified when `port` is not specified',
    ],
  ],
  [
    'peers',
    {
      podSelector: {},
      policyTypes: ['ingress'],
      ingress: [
        {
          from: [
            {},
            { podSelector: {}, ipBlock: { cidr: '10.0.0.0/33' } },
            { ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.0.0/16'] } },
          ],
        },
      ],
    },
    [
      'spec.ingress[0].from[0]: Required value: must specify a peer',
      'spec.ingress[0].from[1].ipBlock.cidr: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      'spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer',
      'spec.ingress[0].from[2].ipBlock.except[0]: Invalid value: "10.0.0.0/16": must be a strict subset of `cidr`',
      'spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"',
    ],
  ],
])('a policy: %s', (_case, spec, sentences) => {
  expect(networkPolicy.validate?.(policy(spec), context).map(printFieldError)).toEqual(sentences);
});

test('what a policy is for follows from what it says', () => {
  expect(policy({ podSelector: {} }).spec?.policyTypes).toEqual(['Ingress']);
  expect(policy({ podSelector: {}, egress: [{}] }).spec?.policyTypes).toEqual(['Ingress', 'Egress']);
  expect(policy({ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }).spec?.ingress?.[0]?.ports).toEqual([
    { port: 80, protocol: 'TCP' },
  ]);
});

test.each([
  ['example.com/ingress', []],
  ['', ['spec.controller: Required value']],
  ['nginx', ['spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")']],
])('a class run by %s', (controller, sentences) => {
  const object: IngressClass = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'c' },
    spec: { controller },
  };
  expect(ingressClass.validate?.(object, context).map(printFieldError)).toEqual(sentences);
});
