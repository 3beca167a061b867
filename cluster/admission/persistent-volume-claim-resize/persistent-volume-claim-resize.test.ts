import { expect, test } from '@jest/globals';
import type { PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { persistentVolumeClaimResize } from './index.ts';

const claim = (storage: string, phase = 'Bound', storageClassName = 'fast'): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'c', namespace: 'dev' },
  spec: { storageClassName, resources: { requests: { storage } } },
  status: { phase },
});
const storageClass = (name: string, allowVolumeExpansion: boolean): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'example.com/disk',
  allowVolumeExpansion,
});
const classes = { 'storageclasses.storage.k8s.io': [storageClass('fast', true), storageClass('fixed', false)] };
const NO =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

test.each<[string, PersistentVolumeClaim, PersistentVolumeClaim, string | undefined]>([
  ['grows', claim('2Gi'), claim('1Gi'), undefined],
  ['shrinks', claim('1Gi'), claim('2Gi'), undefined],
  [
    'is not bound',
    claim('2Gi', 'Pending'),
    claim('1Gi', 'Pending'),
    'Only bound persistent volume claims can be expanded',
  ],
  ['has a fixed class', claim('2Gi', 'Bound', 'fixed'), claim('1Gi', 'Bound', 'fixed'), NO],
  ['has no class', claim('2Gi', 'Bound', ''), claim('1Gi', 'Bound', ''), NO],
])('a claim that %s', (_case, object, old, why) => {
  const { refusal } = admit(
    persistentVolumeClaimResize,
    'persistentvolumeclaims',
    { operation: 'UPDATE', object, old },
    classes,
  );
  expect(refusal).toBe(why && `persistentvolumeclaims "c" is forbidden: ${why}`);
});
