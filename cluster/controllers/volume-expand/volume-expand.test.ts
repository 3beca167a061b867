import { expect, test } from '@jest/globals';
import type { PersistentVolumeClaim } from '../../api/types.ts';
import { makeClaim, makeVolume, World } from '../../scheduler/test-support.ts';
import { persistentVolumeBinder } from '../persistent-volume-binder/index.ts';
import { volumeExpand } from './index.ts';

const rows: [string, string, string[]][] = [
  ['grows', '2Gi', ['Normal ExternalExpanding c: waiting for an external controller to expand this PVC']],
  ['says the same in other words', '1024Mi', []],
];
test.each(rows)('a bound claim that %s', (_name, storage, events) => {
  const world = new World(persistentVolumeBinder, volumeExpand);
  world.add(makeVolume('v', '1Gi')).add(makeClaim('c', '1Gi'));
  world.change<PersistentVolumeClaim>('persistentvolumeclaims', 'default', 'c', (claim) => {
    claim.spec = { ...claim.spec, resources: { requests: { storage } } };
  });
  expect(world.events).toEqual(events);
});
