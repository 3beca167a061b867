import { expect, test } from '@jest/globals';
import type { PersistentVolume } from '../../api/types.ts';
import { makeVolume, World } from '../../scheduler/test-support.ts';
import { pvProtection } from './index.ts';

const inPhase = (phase: string): PersistentVolume => ({ ...makeVolume('v', '1Gi'), status: { phase } });
const rows: [string, boolean][] = [
  ['Available', false],
  ['Bound', true],
  ['Released', false],
  ['Failed', false],
];
test.each(rows)('a deleted volume that is %s', (phase, stays) => {
  const world = new World(pvProtection).add(inPhase(phase)).remove('persistentvolumes', '', 'v');
  expect(world.volume('v') !== undefined).toBe(stays);
});

test('goes when it is released', () => {
  const world = new World(pvProtection).add(inPhase('Bound')).remove('persistentvolumes', '', 'v');
  world.change<PersistentVolume>(
    'persistentvolumes',
    '',
    'v',
    (volume) => void (volume.status = { phase: 'Released' }),
  );
  expect(world.volume('v')).toBeUndefined();
});

test('a volume without protection gets it', () => {
  const world = new World(pvProtection).add({ ...makeVolume('v', '1Gi'), metadata: { name: 'v' } });
  expect(world.volume('v')?.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
});
