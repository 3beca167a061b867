import { expect, test } from '@jest/globals';
import type { Pod } from '../../api/types.ts';
import { makeClaim, makePod, World } from '../../scheduler/test-support.ts';
import { pvcProtection } from './index.ts';

const USES = { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] };
const deletedWith = (...pods: Pod[]) =>
  new World(pvcProtection).add(makeClaim('c', '1Gi'), ...pods).remove('persistentvolumeclaims', 'default', 'c');

const rows: [string, Pod[], boolean][] = [
  ['nobody uses it', [], false],
  ['a pod without a node uses it', [makePod('p', USES)], false],
  ['a pod on a node uses it', [makePod('p', { ...USES, nodeName: 'node01' })], true],
  ['a pod on a node uses another', [makePod('p', { nodeName: 'node01' })], false],
  [
    'a pod of the same name elsewhere',
    [{ ...makePod('p', { ...USES, nodeName: 'node01' }), metadata: { name: 'p', namespace: 'other' } }],
    false,
  ],
  [
    'a finished pod uses it',
    [{ ...makePod('p', { ...USES, nodeName: 'node01' }), status: { phase: 'Succeeded' } }],
    true,
  ],
];
test.each(rows)('a deleted claim: %s', (_name, pods, stays) => {
  expect(deletedWith(...pods).claim('c') !== undefined).toBe(stays);
});

test('the last user goes', () => {
  const world = deletedWith(makePod('p', { ...USES, nodeName: 'node01' }));
  expect(world.claim('c')?.metadata.deletionTimestamp).toBeDefined();
  expect(world.remove('pods', 'default', 'p').claim('c')).toBeUndefined();
});

test('a claim without protection gets it', () => {
  const claim = makeClaim('c', '1Gi');
  const world = new World(pvcProtection).add({ ...claim, metadata: { name: 'c', namespace: 'default' } });
  expect(world.claim('c')?.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
});
