import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../api/types.ts';
import { scheduler } from '../index.ts';
import { makeClaim, makeNode, makePod, makeVolume, World } from '../test-support.ts';

const DRIVER = 'disk.example.com';
const csiNode = (name: string, count?: number): KubeObject =>
  ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name },
    spec: { drivers: [{ name: DRIVER, nodeID: name, ...(count === undefined ? {} : { allocatable: { count } }) }] },
  }) as KubeObject;
const disk = (name: string, driver = DRIVER) =>
  makeVolume(`pv-${name}`, '1Gi', { csi: { driver, volumeHandle: name } });
const bound = (name: string) => {
  const claim = makeClaim(name, '1Gi', { volumeName: `pv-${name}` });
  claim.metadata.annotations = { 'pv.kubernetes.io/bind-completed': 'yes' };
  return claim;
};
const pod = (name: string, ...claims: string[]) =>
  makePod(name, {
    volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  });

function world(count: number | undefined, ...claims: string[]) {
  const made = new World(scheduler).add(makeNode('node01'), csiNode('node01', count));
  for (const name of claims) made.add(disk(name), bound(name));
  return made;
}
const messageOf = (made: World, name: string) => made.pod(name)?.status?.conditions?.[0]?.message;

test('as many volumes as the driver says', () => {
  const made = world(2, 'a', 'b', 'c').add(pod('one', 'a', 'b'), pod('two', 'c'));
  expect(made.nodeOf('one')).toBe('node01');
  expect(made.nodeOf('two')).toBeUndefined();
  expect(messageOf(made, 'two')).toMatch(/^0\/1 nodes are available: 1 node\(s\) exceed max volume count\. /);
});

test('a volume that two pods use counts once', () => {
  const made = world(1, 'a').add(pod('one', 'a'), pod('two', 'a'));
  expect(made.nodeOf('two')).toBe('node01');
});

test('a driver that says nothing has no limit', () => {
  const made = world(undefined, 'a', 'b').add(pod('one', 'a'), pod('two', 'b'));
  expect(made.nodeOf('two')).toBe('node01');
});

test('volumes of other drivers do not count', () => {
  const made = world(1, 'a');
  made.add(disk('x', 'other.example.com'), bound('x')).add(pod('one', 'a'), pod('two', 'x'));
  expect(made.nodeOf('two')).toBe('node01');
});

test('a volume that is attached without a pod counts', () => {
  const made = world(1, 'a', 'b');
  made.add({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: 'left' },
    spec: { attacher: DRIVER, nodeName: 'node01', source: { persistentVolumeName: 'pv-b' } },
  } as KubeObject);
  expect(made.add(pod('one', 'a')).nodeOf('one')).toBeUndefined();
});
