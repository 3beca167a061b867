/** Claims whose volume is chosen together with the pod's node: binder, scheduler and provisioner at work together. */
import { describe, expect, test } from '@jest/globals';
import type { KubeObject, PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { scheduler } from '../../scheduler/index.ts';
import { makeClaim, makeNode, makePod, makeVolume, World } from '../../scheduler/test-support.ts';
import { pvcProtection } from '../pvc-protection/index.ts';
import { pvProtection } from '../pv-protection/index.ts';
import { localPathProvisioner } from '../local-path-provisioner/index.ts';
import { persistentVolumeBinder } from './index.ts';

const world = (...objects: KubeObject[]) => {
  const made = new World(persistentVolumeBinder, pvcProtection, pvProtection, scheduler);
  for (const object of objects) made.add(object);
  return made;
};
const makeClass = (name: string, more: Partial<StorageClass> = {}): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'Immediate',
  ...more,
});

describe('a claim that waits for its pod', () => {
  const late = (provisioner = 'kubernetes.io/no-provisioner') => [
    makeNode('node01'),
    makeNode('node02'),
    makeClass('late', { volumeBindingMode: 'WaitForFirstConsumer', provisioner }),
    makeClaim('c', '1Gi', { storageClassName: 'late' }),
  ];
  const pod = makePod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] });
  const local = makeVolume('disk', '1Gi', {
    storageClassName: 'late',
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node02'] }] },
        ],
      },
    },
  });
  test('is bound where the pod goes, and the pod goes where the volume is', () => {
    const made = world(...late(), local);
    expect(made.pass(60).claim('c')?.status?.phase).toBe('Pending');
    made.add(pod);
    expect([made.claim('c')?.spec?.volumeName, made.nodeOf('p')]).toEqual(['disk', 'node02']);
  });
  test('no volume fits', () => {
    const made = world(...late(), pod);
    expect(made.pod('p')?.status?.conditions?.[0]?.message).toBe(
      "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    );
  });
  test('an external provisioner is told the node, and the node is promised', () => {
    const made = world(...late('x.io/p'), pod);
    const node = made.claim('c')?.metadata.annotations?.['volume.kubernetes.io/selected-node'];
    expect(node).toMatch(/^node0[12]$/);
    expect(made.pod('p')?.status?.nominatedNodeName).toBe(node);
    expect(made.nodeOf('p')).toBeUndefined();
  });
});

describe('volumes made for claims', () => {
  const made = (mode: string, claim: PersistentVolumeClaim['spec'] = {}) => {
    const world = new World(persistentVolumeBinder, localPathProvisioner, pvcProtection, pvProtection, scheduler);
    const storageClass = makeClass('local', { volumeBindingMode: mode, provisioner: 'rancher.io/local-path' });
    const pod = makePod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] });
    for (const object of [makeNode('node01'), makeNode('node02'), storageClass]) world.add(object);
    return world.add(makeClaim('c', '1Gi', { storageClassName: 'local', ...claim })).add(pod);
  };
  test('on the node where the pod goes, and gone with the claim', () => {
    const world = made('WaitForFirstConsumer');
    const node = world.nodeOf('p') ?? '';
    const name = `pvc-${world.claim('c')?.metadata.uid}`;
    expect(world.claim('c')).toMatchObject({ spec: { volumeName: name }, status: { phase: 'Bound' } });
    expect(world.volume(name)).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': 'rancher.io/local-path' } },
      spec: {
        hostPath: { path: `/opt/local-path-provisioner/${name}_default_c`, type: 'DirectoryOrCreate' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ values: [node] }] }] } },
      },
      status: { phase: 'Bound' },
    });
    expect(world.events.filter((event) => event.includes('Provisioning') && !event.includes('External'))).toEqual([
      `Normal ProvisioningSucceeded c: Successfully provisioned volume ${name}`,
    ]);
    world.remove('pods', 'default', 'p').remove('persistentvolumeclaims', 'default', 'c');
    expect(world.volume(name)).toBeUndefined();
  });
  test.each([
    ['no node yet', 'Immediate', {}, 'configuration error, no node was specified'],
    [
      'many writers',
      'WaitForFirstConsumer',
      { accessModes: ['ReadWriteMany'] },
      'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
    ],
  ])('not made: %s', (_name, mode, claim, why) => {
    const world = made(mode, claim);
    expect([world.claim('c')?.status?.phase, world.nodeOf('p')]).toEqual(['Pending', undefined]);
    expect(world.events).toContain(
      `Warning ProvisioningFailed c: failed to provision volume with StorageClass "local": ${why}`,
    );
  });
});
