import { expect, test } from '@jest/globals';
import type { KubeObject, Node, Pod } from '../../api/types.ts';
import { encodedRequest } from '../../x509/testing.ts';
import type { AdmissionRequest } from '../plugin.ts';
import { admit } from '../testing.ts';
import { nodeRestriction } from './index.ts';

const user = { username: 'system:node:node01', groups: ['system:nodes'] };
const node = (name: string, labels: Record<string, string> = {}, spec: Node['spec'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: 'node-uid', labels },
  spec,
});
const owner = { apiVersion: 'v1', kind: 'Node', name: 'node01', uid: 'node-uid', controller: true };
const pod = (metadata: Partial<Pod['metadata']>, spec: Partial<NonNullable<Pod['spec']>> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'dev', ...metadata },
  spec: { nodeName: 'node01', containers: [], ...spec },
});
const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' }, ownerReferences: [owner] };

type Rest = Partial<Omit<AdmissionRequest, 'resource'>>;
const ask = (resource: string, rest: Rest) =>
  admit(
    nodeRestriction,
    resource,
    { user, ...rest },
    { nodes: [node('node01')], pods: [pod({}, { nodeName: 'node02' })] },
  ).refusal;

test.each<[string, Rest, string | undefined]>([
  ['a mirror pod', { object: pod(mirror) }, undefined],
  [
    'a pod like any other',
    { object: pod({}) },
    'pod does not have "kubernetes.io/config.mirror" annotation, node "node01" can only create mirror pods',
  ],
  [
    'a mirror pod elsewhere',
    { object: pod(mirror, { nodeName: 'node02' }) },
    'node "node01" can only create pods with spec.nodeName set to itself',
  ],
  [
    'a mirror pod of nobody',
    { object: pod({ ...mirror, ownerReferences: [] }) },
    'node "node01" can only create pods with an owner reference set to itself',
  ],
  [
    'a mirror pod of a node before',
    { object: pod({ ...mirror, ownerReferences: [{ ...owner, uid: 'old' }] }) },
    'node node01 UID mismatch: expected old got node-uid',
  ],
  [
    'a mirror pod with an account',
    { object: pod(mirror, { serviceAccountName: 'bot' }) },
    'node "node01" can not create pods that reference serviceaccounts',
  ],
  [
    'a mirror pod with a secret',
    { object: pod(mirror, { volumes: [{ name: 'v', secret: { secretName: 's' } }] }) },
    'node "node01" can not create pods that reference secrets',
  ],
  [
    'a mirror pod with a claim',
    { object: pod(mirror, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }) },
    'node "node01" can not create pods that reference persistentvolumeclaims',
  ],
  [
    'a change of a pod',
    { operation: 'UPDATE', object: pod({}), old: pod({}) },
    'unexpected operation "UPDATE", node "node01" can only create and delete mirror pods',
  ],
  [
    'a deletion elsewhere',
    { operation: 'DELETE', namespace: 'dev', name: 'p', old: pod({}) },
    'node "node01" can only delete pods with spec.nodeName set to itself',
  ],
  [
    'a status with labels',
    { operation: 'UPDATE', subresource: 'status', object: pod({ labels: { a: 'b' } }), old: pod({}) },
    'node "node01" cannot update labels through pod status',
  ],
])('a node and %s', (_case, rest, why) => {
  expect(ask('pods', rest)).toBe(why && `pods "p" is forbidden: ${why}`);
});

const update = (object: Node, old = node('node01')): Rest => ({ operation: 'UPDATE', object, old });
test.each<[string, Rest, string | undefined]>([
  ['itself', { object: node('node01', { 'kubernetes.io/hostname': 'node01', team: 'x' }) }, undefined],
  [
    'another',
    { object: node('node02') },
    '"node02" is forbidden: node "node01" is not allowed to modify node "node02"',
  ],
  [
    'itself with a role',
    { object: node('node01', { 'node-role.kubernetes.io/infra': '', 'foo.k8s.io/a': '' }) },
    '"node01" is forbidden: node "node01" is not allowed to set the following labels: foo.k8s.io/a, node-role.kubernetes.io/infra',
  ],
  [
    'its own restrictions',
    update(node('node01', { 'node-restriction.kubernetes.io/a': '1' })),
    '"node01" is forbidden: is not allowed to modify labels: node-restriction.kubernetes.io/a',
  ],
  ['its kubelet\u2019s labels', update(node('node01', { 'kubelet.kubernetes.io/a': '1' })), undefined],
  [
    'its taints',
    update(node('node01', {}, { taints: [{ key: 'a', effect: 'NoSchedule' }] })),
    '"node01" is forbidden: node "node01" is not allowed to modify taints',
  ],
])('a node and %s', (_case, rest, why) => {
  expect(ask('nodes', rest)).toBe(why && `nodes ${why}`);
});

const named = (name: string, spec: object = {}): KubeObject =>
  ({ apiVersion: 'x', kind: 'X', metadata: { name }, spec }) as KubeObject;
const request = (commonName: string) =>
  named('csr', {
    request: encodedRequest({ commonName }),
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
  });
test.each<[string, string, Rest, string | undefined]>([
  ['its lease', 'leases.coordination.k8s.io', { object: named('node01'), namespace: 'kube-node-lease' }, undefined],
  [
    'another lease',
    'leases.coordination.k8s.io',
    { object: named('node02'), namespace: 'kube-node-lease' },
    'can only access node lease with the same name as the requesting node',
  ],
  [
    'a lease elsewhere',
    'leases.coordination.k8s.io',
    { object: named('node01'), namespace: 'dev' },
    'can only access leases in the "kube-node-lease" system namespace',
  ],
  [
    'a CSINode',
    'csinodes.storage.k8s.io',
    { object: named('node02') },
    'can only access CSINode with the same name as the requesting node',
  ],
  [
    'a slice of another',
    'resourceslices.resource.k8s.io',
    { object: named('s', { nodeName: 'node02' }) },
    'can only create ResourceSlice with the same NodeName as the requesting node',
  ],
  [
    'a certificate of its own',
    'certificatesigningrequests.certificates.k8s.io',
    { object: request('system:node:node01') },
    undefined,
  ],
  [
    'a certificate of another',
    'certificatesigningrequests.certificates.k8s.io',
    { object: request('system:node:node02') },
    'can only create a node CSR with CN=system:node:node01',
  ],
  [
    'a token for nobody',
    'serviceaccounts',
    { subresource: 'token', name: 'bot', object: named('', {}) },
    'node requested token not bound to a pod',
  ],
])('a node and %s', (_case, resource, rest, why) => {
  expect(ask(resource, rest)?.replace(/^.* is forbidden: /, '')).toBe(why);
});

test('others are left alone', () => {
  const someone = { username: 'ann', groups: [] };
  expect(ask('nodes', { user: someone, object: node('node02') })).toBeUndefined();
  const nameless = { username: 'system:node:', groups: ['system:nodes'] };
  expect(ask('nodes', { user: nameless, object: node('node02') })).toBe(
    'nodes "node02" is forbidden: could not determine node from user "system:node:"',
  );
});
