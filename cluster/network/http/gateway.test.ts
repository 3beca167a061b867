import { expect, test } from '@jest/globals';
import { TestNetwork } from '../testing.ts';
import { attach, backendProblem, chooseRule, commonHostname } from './gateway.ts';
import {
  GATEWAYS,
  GROUP,
  HTTP_ROUTES,
  REFERENCE_GRANTS,
  type Gateway,
  type HttpRoute,
  type Listener,
  type RouteRule,
} from './gateway-types.ts';

const apiVersion = `${GROUP}/v1`;
const gatewayWith = (...listeners: Listener[]): Gateway => ({
  apiVersion,
  kind: 'Gateway',
  metadata: { namespace: 'shop', name: 'gate', uid: 'gate' },
  spec: { gatewayClassName: 'nginx', listeners },
});
const http: Listener = { name: 'http', port: 80, protocol: 'HTTP' };
const routeWith = (spec: Partial<NonNullable<HttpRoute['spec']>>, namespace = 'shop'): HttpRoute => ({
  apiVersion,
  kind: 'HTTPRoute',
  metadata: { namespace, name: 'route' },
  spec: { parentRefs: [{ name: 'gate', namespace: 'shop' }], ...spec },
});

test.each([
  ['*.example.com', 'a.example.com', 'a.example.com'],
  ['a.example.com', '*.example.com', 'a.example.com'],
  ['*.example.com', 'example.com', undefined],
  [undefined, 'a.example.com', 'a.example.com'],
  ['a.example.com', undefined, 'a.example.com'],
  ['a.example.com', 'b.example.com', undefined],
])('%s and %s have %s in common', (one, other, expected) => {
  expect(commonHostname(one, other)).toBe(expected);
});

test.each<[string, Listener, HttpRoute, string]>([
  ['taken', http, routeWith({}), 'attached'],
  ['of another section', http, routeWith({ parentRefs: [{ name: 'gate', sectionName: 'https' }] }), 'NoMatchingParent'],
  ['from another namespace', http, routeWith({}, 'lab'), 'NotAllowedByListeners'],
  [
    'from another namespace that may',
    { ...http, allowedRoutes: { namespaces: { from: 'All' } } },
    routeWith({}, 'lab'),
    'attached',
  ],
  [
    'from a namespace with the label',
    { ...http, allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'lab' } } } } },
    routeWith({}, 'lab'),
    'attached',
  ],
  [
    'for other hosts',
    { ...http, hostname: '*.example.com' },
    routeWith({ hostnames: ['example.org'] }),
    'NoMatchingListenerHostname',
  ],
])('a route %s', (_name, listener, route, expected) => {
  const net = new TestNetwork();
  net.namespace('shop');
  net.namespace('lab', { team: 'lab' });
  net.put(GATEWAYS, gatewayWith(listener));
  const [parent] = route.spec?.parentRefs ?? [];
  const found = parent && attach(net.store, route, parent);
  expect(found?.kind === 'refused' ? found.reason : found?.kind).toBe(expected);
});

test('a backend must be there, and lent where it is of another namespace', () => {
  const net = new TestNetwork();
  net.service('shop/web', { clusterIP: '10.96.7.7', ports: [{ port: 80 }] });
  net.service('lab/api', { clusterIP: '10.96.7.8', ports: [{ port: 80 }] });
  const problem = (name: string, port = 80, namespace?: string) =>
    backendProblem(net.store, routeWith({}), { name, port, ...(namespace ? { namespace } : {}) }, 'at');
  expect(problem('web')).toBeUndefined();
  expect(problem('nope')).toEqual({ reason: 'BackendNotFound', message: 'at.name: Not found: "nope"' });
  expect(problem('web', 81)?.reason).toBe('BackendNotFound');
  expect(problem('api', 80, 'lab')?.reason).toBe('RefNotPermitted');
  const granted = {
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { namespace: 'lab', name: 'lend' },
    spec: { from: [{ group: GROUP, kind: 'HTTPRoute', namespace: 'shop' }], to: [{ group: '', kind: 'Service' }] },
  };
  net.put(REFERENCE_GRANTS, granted);
  expect(problem('api', 80, 'lab')).toBeUndefined();
});

const rule = (name: string, match: NonNullable<RouteRule['matches']>[number]): RouteRule => ({
  name,
  matches: [match],
});

test.each([
  ['the longer prefix', '/api/v1', {}, 'GET', 'api'],
  ['an exact path before a prefix', '/api', {}, 'GET', 'exact'],
  ['a header', '/', { 'x-env': 'beta' }, 'GET', 'beta'],
  ['a method', '/', {}, 'POST', 'post'],
  ['a parameter', '/?v=2', {}, 'GET', 'second'],
  ['what is left', '/apiary', {}, 'GET', 'rest'],
])('%s decides', (_name, target, headers, method, expected) => {
  const net = new TestNetwork();
  net.put(GATEWAYS, gatewayWith(http));
  net.put(
    HTTP_ROUTES,
    routeWith({
      rules: [
        rule('rest', { path: { type: 'PathPrefix', value: '/' } }),
        rule('api', { path: { type: 'PathPrefix', value: '/api' } }),
        rule('exact', { path: { type: 'Exact', value: '/api' } }),
        rule('beta', { headers: [{ name: 'X-Env', value: 'beta' }] }),
        rule('post', { method: 'POST' }),
        rule('second', { queryParams: [{ name: 'v', value: '2' }] }),
      ],
    }),
  );
  const [path = '', query = ''] = target.split('?');
  const asked = {
    host: 'a',
    path,
    query: new URLSearchParams(query),
    method,
    headers: new Map(Object.entries(headers)),
  };
  expect(chooseRule(net.store, gatewayWith(http), 80, asked)?.rule.name).toBe(expected);
});
