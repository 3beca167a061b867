import { expect, test } from '@jest/globals';
import {
  GROUP,
  HTTP_ROUTES,
  REFERENCE_GRANTS,
  type BackendRef,
  type HttpRoute,
} from '../../network/http/gateway-types.ts';
import { gated, http, NGINX, short, v1 } from './testing.ts';

const ACCEPTED = 'Accepted True Accepted: The Route is accepted';
const RESOLVED = 'ResolvedRefs True ResolvedRefs: All references are resolved';
const web: BackendRef = { name: 'web', port: 80 };

test.each<[string, object, BackendRef, [string, string], number]>([
  ['with a backend', {}, web, [ACCEPTED, RESOLVED], 1],
  [
    'to a Service that is missing',
    {},
    { name: 'nobody', port: 80 },
    [ACCEPTED, 'ResolvedRefs False BackendNotFound: spec.rules[0].backendRefs[0].name: Not found: "nobody"'],
    1,
  ],
  [
    'to a port that is missing',
    {},
    { name: 'web', port: 81 },
    [ACCEPTED, 'ResolvedRefs False BackendNotFound: spec.rules[0].backendRefs[0].port: Not found: 81'],
    1,
  ],
  [
    'to another kind',
    {},
    { group: 'example.com', kind: 'Bucket', name: 'web', port: 80 },
    [
      ACCEPTED,
      'ResolvedRefs False InvalidKind: spec.rules[0].backendRefs[0].group: Unsupported value: "example.com": supported values: "core", ""',
    ],
    1,
  ],
  [
    'into another namespace',
    {},
    { ...web, namespace: 'lab' },
    [
      ACCEPTED,
      'ResolvedRefs False RefNotPermitted: spec.rules[0].backendRefs[0].namespace: Forbidden: Backend ref to Service lab/web not permitted by any ReferenceGrant',
    ],
    1,
  ],
  ['for a host of the listener', { hostnames: ['a.example.com'] }, web, [ACCEPTED, RESOLVED], 1],
  [
    'for another host',
    { hostnames: ['a.example.org'] },
    web,
    ['Accepted False NoMatchingListenerHostname: Listener hostname does not match the Route hostnames', RESOLVED],
    0,
  ],
  [
    'to a section that is missing',
    { parentRefs: [{ name: 'gate', sectionName: 'https' }] },
    web,
    ['Accepted False NoMatchingParent: The Listener is not found for this parent ref', RESOLVED],
    0,
  ],
])('a route %s', (_name, spec, backend, told, attached) => {
  const { cluster, client, gateway } = gated([{ ...http, hostname: '*.example.com' }]);
  const rules = [{ backendRefs: [backend] }];
  client.create(HTTP_ROUTES, v1('HTTPRoute', 'r', 'shop', { parentRefs: [{ name: 'gate' }], rules, ...spec }));
  cluster.settle();
  const [parent] = client.get<HttpRoute>(HTTP_ROUTES, 'shop', 'r')?.status?.parents ?? [];
  expect(parent?.controllerName).toBe(NGINX);
  expect(short(parent?.conditions)).toEqual(told);
  expect(gateway()?.listeners?.[0]?.attachedRoutes).toBe(attached);
});

test('a ReferenceGrant opens the other namespace, and closes it when it goes', () => {
  const { cluster, client } = gated([http]);
  const rules = [{ backendRefs: [{ ...web, namespace: 'lab' }] }];
  client.create(HTTP_ROUTES, v1('HTTPRoute', 'r', 'shop', { parentRefs: [{ name: 'gate' }], rules }));
  const resolved = () => {
    cluster.settle();
    return client.get<HttpRoute>(HTTP_ROUTES, 'shop', 'r')?.status?.parents?.[0]?.conditions[1]?.reason;
  };
  expect(resolved()).toBe('RefNotPermitted');
  const from = [{ group: GROUP, kind: 'HTTPRoute', namespace: 'shop' }];
  const grant = v1('ReferenceGrant', 'g', 'lab', { from, to: [{ group: '', kind: 'Service' }] });
  client.create(REFERENCE_GRANTS, { ...grant, apiVersion: `${GROUP}/v1beta1` });
  expect(resolved()).toBe('ResolvedRefs');
  client.delete(REFERENCE_GRANTS, 'lab', 'g');
  expect(resolved()).toBe('RefNotPermitted');
  client.delete('services', 'lab', 'web');
  expect(resolved()).toBe('RefNotPermitted');
});

test('a route is told nothing of a Gateway that is not there, and forgets one that it no longer names', () => {
  const { cluster, client } = gated([http]);
  const rules = [{ backendRefs: [web] }];
  client.create(HTTP_ROUTES, v1('HTTPRoute', 'r', 'shop', { parentRefs: [{ name: 'gate' }], rules }));
  cluster.settle();
  const route = () => client.get<HttpRoute>(HTTP_ROUTES, 'shop', 'r');
  expect(route()?.status?.parents?.length).toBe(1);
  const current = route();
  if (current) client.update(HTTP_ROUTES, { ...current, spec: { ...current.spec, parentRefs: [{ name: 'gone' }] } });
  cluster.settle();
  expect(route()?.status?.parents).toEqual([]);
});
