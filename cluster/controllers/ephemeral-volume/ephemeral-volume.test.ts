import { expect, test } from '@jest/globals';
import { makeClaim, makePod, World } from '../../scheduler/test-support.ts';
import { ephemeralVolume } from './index.ts';

const pod = () =>
  makePod('web', {
    volumes: [
      {
        name: 'scratch',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { labels: { app: 'web' } },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        },
      },
      { name: 'plain', emptyDir: {} },
    ],
  });

test('a claim is made that belongs to the pod', () => {
  const world = new World(ephemeralVolume).add(pod());
  expect(world.claim('web-scratch')).toMatchObject({
    metadata: {
      labels: { app: 'web' },
      ownerReferences: [{ kind: 'Pod', name: 'web', controller: true, blockOwnerDeletion: true }],
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  expect(world.claim('web-plain')).toBeUndefined();
});

test('a claim that goes is made anew while the pod is there', () => {
  const world = new World(ephemeralVolume).add(pod());
  const before = world.claim('web-scratch')?.metadata.uid;
  world.remove('persistentvolumeclaims', 'default', 'web-scratch');
  const after = world.claim('web-scratch')?.metadata.uid;
  expect(after).toBeDefined();
  expect(after).not.toBe(before);
});

test("a claim of that name that is somebody else's is left alone, and told of", () => {
  const world = new World(ephemeralVolume).add(makeClaim('web-scratch', '5Gi')).add(pod());
  expect(world.claim('web-scratch')?.spec?.resources?.requests).toEqual({ storage: '5Gi' });
  expect(world.events).toEqual([
    'Warning FailedBinding web: ephemeral volume scratch: PVC default/web-scratch was not created for pod default/web (pod is not owner)',
  ]);
});
