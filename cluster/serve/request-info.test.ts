import { expect, test } from '@jest/globals';
import { requestInfo } from '#cluster/serve/request-info.ts';

const CASES: [string, string, string][] = [
  // method and path, what it is about
  ['a core list', 'GET /api/v1/pods', 'list v1 pods'],
  ['a list in a namespace', 'GET /api/v1/namespaces/dev/pods', 'list v1 pods in dev'],
  ['an object', 'GET /api/v1/namespaces/dev/pods/web', 'get v1 pods/web in dev'],
  ['a subresource', 'POST /api/v1/namespaces/dev/pods/web/eviction', 'create v1 pods/web:eviction in dev'],
  ['a group', 'PATCH /apis/apps/v1/namespaces/dev/deployments/web', 'patch apps/v1 deployments/web in dev'],
  [
    'a group subresource',
    'PUT /apis/apps/v1/namespaces/dev/deployments/web/scale',
    'update apps/v1 deployments/web:scale in dev',
  ],
  ['a cluster-scoped object', 'DELETE /api/v1/nodes/node01', 'delete v1 nodes/node01'],
  ['a collection', 'DELETE /api/v1/namespaces/dev/configmaps', 'deletecollection v1 configmaps in dev'],
  ['a namespace', 'GET /api/v1/namespaces/dev', 'get v1 namespaces/dev in dev'],
  ['all namespaces', 'GET /api/v1/namespaces', 'list v1 namespaces'],
  ['a namespace being finalized', 'PUT /api/v1/namespaces/dev/finalize', 'update v1 namespaces/dev:finalize in dev'],
  ['a watch', 'GET /api/v1/pods?watch=true', 'watch v1 pods'],
  ['one object cannot be watched by its path', 'GET /api/v1/namespaces/dev/pods/web?watch=1', 'get v1 pods/web in dev'],
  ['any word asks for a watch', 'GET /api/v1/pods?watch', 'watch v1 pods'],
  ['but not this one', 'GET /api/v1/pods?watch=FALSE', 'list v1 pods'],
  ['the old prefix, one object', 'GET /api/v1/watch/namespaces/dev/pods/web', 'watch v1 pods/web in dev'],
  ['no watch', 'GET /api/v1/pods?watch=false', 'list v1 pods'],
  ['the old watch prefix', 'GET /api/v1/watch/namespaces/dev/pods', 'watch v1 pods in dev'],
  [
    'an encoded name',
    'GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
    'get rbac.authorization.k8s.io/v1 clusterroles/system:node',
  ],
  ['a broken encoding', 'GET /api/v1/nodes/%zz', 'get v1 nodes/%zz'],
];

test.each(CASES)('%s', (_name, line, expected) => {
  const [method = '', target = ''] = line.split(' ');
  const url = new URL(target, 'https://cluster');
  const info = requestInfo(method, url.pathname, url.searchParams);
  const group = info.group === '' ? info.version : `${info.group}/${info.version}`;
  const object = `${info.resource}${info.name ? `/${info.name}` : ''}${info.subresource ? `:${info.subresource}` : ''}`;
  expect(`${info.verb} ${group} ${object}${info.namespace ? ` in ${info.namespace}` : ''}`).toBe(expected);
  expect(info.isResource).toBe(true);
});

test.each(['/', '/healthz', '/api', '/apis', '/api/v1', '/apis/apps', '/apis/apps/v1', '/openapi/v3', '/version'])(
  '%s is no resource',
  (path) => {
    expect(requestInfo('GET', path, new URLSearchParams())).toMatchObject({ isResource: false, verb: 'get', path });
  },
);
