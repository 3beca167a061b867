import { describe, expect, test } from '@jest/globals';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/types.ts';
import { makeClaim, makeVolume, World } from '../../scheduler/test-support.ts';
import { pvcProtection } from '../pvc-protection/index.ts';
import { pvProtection } from '../pv-protection/index.ts';
import { persistentVolumeBinder } from './index.ts';

const world = (...objects: KubeObject[]) => {
  const made = new World(persistentVolumeBinder, pvcProtection, pvProtection);
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

describe('which volume a claim gets', () => {
  const BOTH = { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] };
  const labelled = (volume: PersistentVolume, labels: Record<string, string>): PersistentVolume => ({
    ...volume,
    metadata: { ...volume.metadata, labels },
  });
  const rows: { name: string; volumes: PersistentVolume[]; claim: PersistentVolumeClaim; gets: string | undefined }[] =
    [
      {
        name: 'the smallest that is big enough',
        volumes: [makeVolume('large', '10Gi'), makeVolume('small', '512Mi'), makeVolume('mid', '3Gi')],
        claim: makeClaim('c', '1Gi'),
        gets: 'mid',
      },
      {
        name: 'fewest access modes before size',
        volumes: [makeVolume('large', '10Gi'), makeVolume('mid', '3Gi', BOTH)],
        claim: makeClaim('c', '1Gi'),
        gets: 'large',
      },
      {
        name: 'all access modes asked for',
        volumes: [makeVolume('a', '1Gi')],
        claim: makeClaim('c', '1Gi', BOTH),
        gets: undefined,
      },
      {
        name: 'same class only',
        volumes: [makeVolume('a', '1Gi', { storageClassName: 'fast' })],
        claim: makeClaim('c', '1Gi', { storageClassName: '' }),
        gets: undefined,
      },
      {
        name: 'same volume mode only',
        volumes: [makeVolume('a', '1Gi', { volumeMode: 'Block' })],
        claim: makeClaim('c', '1Gi'),
        gets: undefined,
      },
      {
        name: 'labels selected',
        volumes: [labelled(makeVolume('a', '1Gi'), { tier: 'gold' }), makeVolume('b', '1Gi')],
        claim: makeClaim('c', '1Gi', { selector: { matchLabels: { tier: 'gold' } } }),
        gets: 'a',
      },
      {
        name: 'kept for another claim',
        volumes: [makeVolume('a', '1Gi', { claimRef: { namespace: 'default', name: 'other' } })],
        claim: makeClaim('c', '1Gi'),
        gets: undefined,
      },
      {
        name: 'kept for this claim, though another is smaller',
        volumes: [makeVolume('a', '5Gi', { claimRef: { namespace: 'default', name: 'c' } }), makeVolume('b', '1Gi')],
        claim: makeClaim('c', '1Gi'),
        gets: 'a',
      },
      {
        name: 'asked for by name',
        volumes: [makeVolume('a', '1Gi'), makeVolume('b', '5Gi')],
        claim: makeClaim('c', '1Gi', { volumeName: 'b' }),
        gets: 'b',
      },
    ];
  test.each(rows)('$name', ({ volumes, claim, gets }) => {
    const made = world(...volumes, claim);
    const phase = gets === undefined ? 'Pending' : 'Bound';
    expect(made.claim('c')).toMatchObject({ status: { phase } });
    expect(volumes.filter(({ metadata }) => made.volume(metadata.name)?.status?.phase === 'Bound')).toHaveLength(
      gets === undefined ? 0 : 1,
    );
    if (gets !== undefined)
      expect(made.volume(gets)?.spec?.claimRef).toMatchObject({ name: 'c', uid: expect.any(String) });
  });
});

test('both ends of a binding', () => {
  const made = world(makeVolume('a', '2Gi'), makeClaim('c', '1Gi'));
  expect(made.volume('a')).toMatchObject({
    metadata: {
      annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' },
      finalizers: ['kubernetes.io/pv-protection'],
    },
    spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'c', apiVersion: 'v1' } },
    status: { phase: 'Bound' },
  });
  expect(made.claim('c')).toMatchObject({
    metadata: {
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' },
      finalizers: ['kubernetes.io/pvc-protection'],
    },
    spec: { volumeName: 'a' },
    status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } },
  });
  expect(made.events).toEqual([]);
});

describe('a claim that stays pending is told why', () => {
  const named = (spec: PersistentVolumeClaim['spec']) => makeClaim('c', '1Gi', { volumeName: 'v', ...spec });
  const rows: [string, KubeObject[], string | undefined][] = [
    [
      'no class',
      [makeClaim('c', '1Gi')],
      'Normal FailedBinding c: no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'class that is not there',
      [makeClaim('c', '1Gi', { storageClassName: 'manual' })],
      'Warning ProvisioningFailed c: storageclass.storage.k8s.io "manual" not found',
    ],
    [
      'class without provisioner',
      [makeClass('np'), makeClaim('c', '1Gi', { storageClassName: 'np' })],
      'Warning ProvisioningFailed c: no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
    [
      'class of an external provisioner',
      [makeClass('ext', { provisioner: 'x.io/p' }), makeClaim('c', '1Gi', { storageClassName: 'ext' })],
      "Normal ExternalProvisioning c: Waiting for a volume to be created either by the external provisioner 'x.io/p' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ],
    [
      'class that waits for a pod',
      [
        makeClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }),
        makeClaim('c', '1Gi', { storageClassName: 'late' }),
      ],
      'Normal WaitForFirstConsumer c: waiting for first consumer to be created before binding',
    ],
    ['volume by name that is not there', [named({})], undefined],
    [
      'volume by name too small',
      [makeVolume('v', '512Mi'), named({})],
      'Warning VolumeMismatch c: Cannot bind to requested volume "v": requested PV is too small',
    ],
    [
      'volume by name of another class',
      [makeVolume('v', '1Gi'), named({ storageClassName: 'warm' })],
      'Warning VolumeMismatch c: Cannot bind to requested volume "v": storageClassName does not match',
    ],
    [
      'volume by name of another mode',
      [makeVolume('v', '1Gi', { volumeMode: 'Block' }), named({})],
      'Warning VolumeMismatch c: Cannot bind to requested volume "v": incompatible volumeMode',
    ],
    [
      'volume by name without the access mode',
      [makeVolume('v', '1Gi'), named({ accessModes: ['ReadWriteMany'] })],
      'Warning VolumeMismatch c: Cannot bind to requested volume "v": incompatible accessMode',
    ],
    [
      'volume by name taken',
      [makeVolume('v', '1Gi'), makeClaim('first', '1Gi'), named({})],
      'Warning FailedBinding c: volume "v" already bound to a different claim.',
    ],
  ];
  test.each(rows)('%s', (_name, objects, event) => {
    const made = world(...objects);
    expect(made.claim('c')?.status?.phase).toBe('Pending');
    expect(made.events).toEqual(event === undefined ? [] : [event]);
  });
});

test('a volume that comes later is found within 15 seconds', () => {
  const made = world(makeClaim('c', '1Gi'), makeVolume('v', '1Gi'));
  expect(made.claim('c')?.status?.phase).toBe('Pending');
  expect(made.pass(15).claim('c')?.status?.phase).toBe('Bound');
});

test('a default class that comes later is given to claims without one', () => {
  const metadata = { name: 'std', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } };
  const made = world(
    makeClaim('c', '1Gi'),
    makeClaim('none', '1Gi', { storageClassName: '' }),
    makeClass('std', { metadata }),
  );
  made.pass(15);
  expect([made.claim('c')?.spec?.storageClassName, made.claim('none')?.spec?.storageClassName]).toEqual(['std', '']);
});

describe('when the claim is gone', () => {
  const rows: [string, PersistentVolume['spec'], string | undefined, string[]][] = [
    ['Retain', {}, 'Released', []],
    [
      'Delete of a host path',
      { persistentVolumeReclaimPolicy: 'Delete' },
      'Failed',
      ['Warning VolumeFailedDelete v: host_path deleter only supports /tmp/.+ but received provided /srv/v'],
    ],
    [
      'Delete of a host path under /tmp',
      { persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/tmp/v' } },
      undefined,
      [],
    ],
    [
      'Delete of what nobody can delete',
      { persistentVolumeReclaimPolicy: 'Delete', hostPath: undefined, nfs: { server: 's', path: '/' } },
      'Failed',
      [
        'Warning VolumeFailedDelete v: error getting deleter volume plugin for volume "v": no deletable volume plugin matched',
      ],
    ],
    [
      'Delete of what the controller manager knows nothing of',
      { persistentVolumeReclaimPolicy: 'Delete', hostPath: undefined, local: { path: '/x' } },
      'Failed',
      ['Warning VolumeFailedDelete v: error getting deleter volume plugin for volume "v": no volume plugin matched'],
    ],
    [
      'Recycle of what nobody can empty',
      { persistentVolumeReclaimPolicy: 'Recycle', hostPath: undefined, local: { path: '/x' } },
      'Failed',
      ['Warning VolumeFailedRecycle v: No recycler plugin found for the volume!'],
    ],
  ];
  test.each(rows)('%s', (_name, spec, phase, events) => {
    const made = world(makeVolume('v', '1Gi', spec), makeClaim('c', '1Gi'));
    made.remove('persistentvolumeclaims', 'default', 'c');
    expect([made.claim('c'), made.volume('v')?.status?.phase]).toEqual([undefined, phase]);
    expect(made.events).toEqual(events);
  });
  const POD = 'recycler-for-v';
  const recycling = (more: Partial<PersistentVolume['spec']> = {}) => {
    const spec = { persistentVolumeReclaimPolicy: 'Recycle', ...more };
    return world(makeVolume('v', '2Gi', spec), makeClaim('c', '1Gi')).remove('persistentvolumeclaims', 'default', 'c');
  };
  const pod = (made: World) => made.store.get<Pod>('pods', 'default', POD);
  test('Recycle: a pod empties it', () => {
    const made = recycling();
    expect(made.volume('v')?.status?.phase).toBe('Released');
    expect(pod(made)?.spec?.activeDeadlineSeconds).toBe(60);
    expect(pod(made)?.spec?.volumes).toEqual([{ name: 'vol', hostPath: { path: '/srv/v' } }]);
    made.change<Pod>('pods', 'default', POD, (one) => void (one.status = { phase: 'Succeeded' }));
    expect([pod(made), made.volume('v')?.status?.phase]).toEqual([undefined, 'Available']);
    expect(made.events).toEqual(['Normal VolumeRecycled v: Volume recycled']);
  });
  test('Recycle: the pod fails', () => {
    const made = recycling();
    const failed = { phase: 'Failed', message: 'Pod was active on the node longer than the specified deadline' };
    made.change<Pod>('pods', 'default', POD, (one) => void (one.status = failed));
    expect(made.volume('v')?.status?.phase).toBe('Failed');
    expect(made.events).toEqual([
      'Warning VolumeFailedRecycle v: Recycle failed: failed to recycle volume: Pod was active on the node longer than the specified deadline',
    ]);
    // tried again with the next round
    expect(pod(made.pass(15))?.status?.phase).toBeUndefined();
  });
  test('Recycle: somebody deletes the pod', () => {
    const made = recycling();
    made.remove('pods', 'default', POD);
    expect(made.events).toEqual([
      'Warning VolumeFailedRecycle v: Recycle failed: failed to recycle volume: recycler pod was deleted',
    ]);
  });
  test('a released volume is free again when its claimRef is removed', () => {
    const made = world(makeVolume('v', '1Gi'), makeClaim('c', '1Gi'));
    made.remove('persistentvolumeclaims', 'default', 'c').add(makeClaim('c', '1Gi'));
    expect(made.volume('v')?.status?.phase).toBe('Released');
    made.change<PersistentVolume>('persistentvolumes', '', 'v', (volume) => void delete volume.spec?.claimRef);
    expect(made.volume('v')?.status?.phase).toBe('Available');
    expect(made.pass(15).claim('c')?.status?.phase).toBe('Bound');
  });
});

test('a claim whose volume is forced away is lost', () => {
  const made = world(makeVolume('v', '1Gi'), makeClaim('c', '1Gi'));
  made.change('persistentvolumes', '', 'v', ({ metadata }) => void delete metadata.finalizers);
  made.store.remove('persistentvolumes', '', 'v');
  made.pass(0);
  expect(made.claim('c')?.status).toEqual({ phase: 'Lost' });
  expect(made.events).toEqual([
    'Warning ClaimLost c: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  ]);
  // a volume of that name, made anew, is the claim's
  made.add(makeVolume('v', '1Gi'));
  expect(made.pass(15).claim('c')?.status?.phase).toBe('Bound');
});
