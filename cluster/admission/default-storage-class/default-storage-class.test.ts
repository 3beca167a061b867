import { expect, test } from '@jest/globals';
import type { PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { defaultStorageClass } from './index.ts';

const storageClass = (name: string, isDefault: boolean, created = '2026-01-01T00:00:00Z'): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name,
    creationTimestamp: created,
    annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) },
  },
  provisioner: 'example.com/disk',
});

test.each<[string, string | undefined, StorageClass[], string | undefined]>([
  ['no default', undefined, [storageClass('slow', false)], undefined],
  ['a default', undefined, [storageClass('slow', false), storageClass('fast', true)], 'fast'],
  ['a class of its own', 'slow', [storageClass('fast', true)], 'slow'],
  ['explicitly none', '', [storageClass('fast', true)], ''],
  [
    'two defaults: the newer',
    undefined,
    [storageClass('a', true), storageClass('b', true, '2026-02-01T00:00:00Z')],
    'b',
  ],
])('a claim with %s', (_case, asked, classes, expected) => {
  const object: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'dev' },
    spec: asked === undefined ? {} : { storageClassName: asked },
  };
  const admitted = admit(
    defaultStorageClass,
    'persistentvolumeclaims',
    { object },
    { 'storageclasses.storage.k8s.io': classes },
  );
  expect((admitted.object as PersistentVolumeClaim).spec?.storageClassName).toBe(expected);
});
