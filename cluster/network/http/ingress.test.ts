import { expect, test } from '@jest/globals';
import type { Ingress, IngressClass } from '../../api/types.ts';
import { TestNetwork } from '../testing.ts';
import { chooseIngress, NGINX_OPTIONS, rewrittenPath } from './ingress.ts';

type Path = [path: string, type: 'Exact' | 'Prefix' | 'ImplementationSpecific', service: string];
const backend = (name: string) => ({ service: { name, port: { number: 80 } } });

function ingress(name: string, host: string | undefined, paths: Path[], rest: Partial<Ingress> = {}): Ingress {
  const { metadata, spec } = rest;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace: 'shop', creationTimestamp: '2026-05-01T10:00:00Z', ...metadata, name },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          ...(host === undefined ? {} : { host }),
          http: { paths: paths.map(([path, pathType, service]) => ({ path, pathType, backend: backend(service) })) },
        },
      ],
      ...spec,
    },
  };
}

function chosen(ingresses: Ingress[], host: string, path: string, headers: Record<string, string> = {}, random = 0.5) {
  const net = new TestNetwork();
  const own: IngressClass = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'nginx' },
    spec: { controller: 'k8s.io/ingress-nginx' },
  };
  net.put('ingressclasses.networking.k8s.io', own);
  for (const one of ingresses) net.put('ingresses.networking.k8s.io', structuredClone(one));
  const { location } = chooseIngress(net.store, NGINX_OPTIONS, {
    host,
    path,
    headers: new Map(Object.entries(headers)),
    random,
  });
  return location ? `${location.backend.service?.name} ${rewrittenPath(location, path)}` : undefined;
}

const shop = ingress('shop', 'shop.example.com', [
  ['/', 'Prefix', 'home'],
  ['/cart', 'Prefix', 'cart'],
  ['/cart/pay', 'Exact', 'pay'],
  ['/img', 'ImplementationSpecific', 'images'],
]);

test.each([
  ['the root', 'shop.example.com', '/', 'home /'],
  ['anything else', 'shop.example.com', '/about', 'home /about'],
  ['a prefix', 'shop.example.com', '/cart/1', 'cart /cart/1'],
  ['a prefix ends at a slash', 'shop.example.com', '/cartoon', 'home /cartoon'],
  ['an exact path', 'shop.example.com', '/cart/pay', 'pay /cart/pay'],
  ['below an exact path', 'shop.example.com', '/cart/pay/1', 'cart /cart/pay/1'],
  ['a prefix of the text', 'shop.example.com', '/imgs', 'images /imgs'],
  ['another host', 'other.example.com', '/', undefined],
])('%s', (_name, host, path, expected) => {
  expect(chosen([shop], host, path)).toBe(expected);
});

const annotated = (annotations: Record<string, string>) => ({
  metadata: {
    name: '',
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
    ),
  },
});

test('a wildcard stands for one label', () => {
  const wild = ingress('wild', '*.example.com', [['/', 'Prefix', 'wild']]);
  expect(chosen([wild], 'a.example.com', '/')).toBe('wild /');
  expect(chosen([wild], 'a.b.example.com', '/')).toBeUndefined();
  expect(chosen([wild], 'example.com', '/')).toBeUndefined();
});

test('of other classes, and without one, it takes no notice', () => {
  const other = ingress('other', undefined, [['/', 'Prefix', 'x']], { spec: { ingressClassName: 'traefik' } });
  const none = ingress('none', undefined, [['/', 'Prefix', 'x']]);
  delete none.spec?.ingressClassName;
  expect(chosen([other, none], 'any', '/')).toBeUndefined();
});

test('a default backend takes what no rule does', () => {
  const other = ingress('default', undefined, [], { spec: { defaultBackend: backend('fallback'), rules: [] } });
  expect(chosen([shop, { ...other, spec: { ...other.spec, ingressClassName: 'nginx' } }], 'nobody', '/x')).toBe(
    'fallback /x',
  );
});

test('a path is written anew, by groups or as a whole', () => {
  const whole = ingress('a', 'a', [['/app', 'Prefix', 'app']], annotated({ 'rewrite-target': '/' }));
  const groups = ingress(
    'b',
    'b',
    [['/app(/|$)(.*)', 'ImplementationSpecific', 'app']],
    annotated({ 'rewrite-target': '/$2' }),
  );
  expect(chosen([whole], 'a', '/app/x')).toBe('app /');
  expect(chosen([groups], 'b', '/app/x/y')).toBe('app /x/y');
  expect(chosen([groups], 'b', '/app')).toBe('app /');
});

test('a canary takes its share, and whom a header sends', () => {
  const canary = ingress(
    'canary',
    'shop.example.com',
    [['/', 'Prefix', 'next']],
    annotated({ canary: 'true', 'canary-weight': '30', 'canary-by-header': 'X-Canary' }),
  );
  const ask = (headers: Record<string, string>, random: number) =>
    chosen([shop, canary], 'shop.example.com', '/', headers, random);
  expect(ask({}, 0.2)).toBe('next /');
  expect(ask({}, 0.3)).toBe('home /');
  expect(ask({ 'x-canary': 'always' }, 0.9)).toBe('next /');
  expect(ask({ 'x-canary': 'never' }, 0.1)).toBe('home /');
});
