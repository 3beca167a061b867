import { expect, test } from '@jest/globals';
import type { KubeObject, Pod } from '../api/types.ts';
import { Store } from '../store/store.ts';
import { authorizeNode } from './node-authorizer.ts';

const node = { username: 'system:node:node01', groups: ['system:nodes', 'system:authenticated'] };
const store = new Store();
const pod = (name: string, nodeName: string, spec: object): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'dev' },
  spec: { nodeName, containers: [], ...spec },
});
store.put(
  'pods',
  pod('web', 'node01', {
    serviceAccountName: 'bot',
    imagePullSecrets: [{ name: 'reg' }],
    containers: [
      {
        name: 'c',
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'k' } } }],
        envFrom: [{ configMapRef: { name: 'cfg' } }],
      },
    ],
    volumes: [
      { name: 's', secret: { secretName: 'tls' } },
      { name: 'p', projected: { sources: [{ secret: { name: 'part' } }, { configMap: { name: 'piece' } }] } },
      { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
    ],
  }),
);
store.put('pods', pod('far', 'node02', { volumes: [{ name: 's', secret: { secretName: 'other' } }] }));
store.put('persistentvolumes', {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv1' },
  spec: { claimRef: { namespace: 'dev', name: 'data' } },
} as KubeObject);

const NONE = "no relationship found between node 'node01' and this object";

/** `get secrets dev/db`, `list pods`, `get leases.coordination.k8s.io kube-node-lease/node01` */
function ask(line: string, fields: { field: string; op: '='; value: string }[] = []) {
  const [verb = '', target = '', place = ''] = line.split(' ');
  const [path = '', ...group] = target.split('.');
  const [resource = '', subresource = ''] = path.split('/');
  const [namespace = '', name = ''] = place.includes('/') ? place.split('/') : ['', place];
  return authorizeNode(store, node, { verb, group: group.join('.'), resource, subresource, namespace, name, fields });
}

test.each([
  'get secrets dev/db',
  'get secrets dev/reg',
  'get secrets dev/tls',
  'watch secrets dev/part',
  'get configmaps dev/cfg',
  'get configmaps dev/piece',
  'get persistentvolumeclaims dev/data',
  'patch persistentvolumeclaims/status dev/data',
  'get persistentvolumes pv1',
  'create serviceaccounts/token dev/bot',
  'get pods dev/web',
  'delete pods dev/far',
  'patch pods/status dev/far',
  'get nodes node01',
  'create nodes',
  'update leases.coordination.k8s.io kube-node-lease/node01',
  'get services dev/web',
])('a node may %s', (line) => {
  expect(ask(line)).toEqual({ allowed: true, reason: '' });
});

test.each([
  ['get secrets dev/other', NONE],
  ['list secrets dev/', 'No Object name found'],
  ['list secrets', 'can only read namespaced object of this type'],
  ['update secrets dev/db', 'can only read resources of this type'],
  ['list persistentvolumes', 'can only get individual resources of this type'],
  ['create serviceaccounts/token dev/default', NONE],
  ['update serviceaccounts dev/bot', 'can only create tokens for individual service accounts'],
  ['list pods', 'can only list/watch pods with spec.nodeName field selector'],
  ['update pods dev/web', ''],
  ['list nodes', "node 'node01' cannot read all nodes, only its own Node object"],
  ['get nodes node02', "node 'node01' cannot read 'node02', only its own Node object"],
  ['delete nodes node01', ''],
  ['get leases.coordination.k8s.io dev/node01', 'can only access leases in the "kube-node-lease" system namespace'],
  [
    'get leases.coordination.k8s.io kube-node-lease/node02',
    'can only access node lease with the same name as the requesting node',
  ],
  ['list deployments.apps', ''],
])('a node may not %s', (line, reason) => {
  expect(ask(line)).toEqual({ allowed: false, reason });
});

test('pods of the node can be listed by its name', () => {
  const selected = [{ field: 'spec.nodeName', op: '=' as const, value: 'node01' }];
  expect(ask('list pods', selected).allowed).toBe(true);
  expect(ask('list pods', [{ ...selected[0]!, value: 'node02' }]).allowed).toBe(false);
});

test('a node that does not say which is nobody', () => {
  const user = { username: 'system:node:', groups: ['system:nodes'] };
  expect(authorizeNode(store, user, { verb: 'get', path: '/api' }).reason).toBe('unknown node for user "system:node:"');
});
