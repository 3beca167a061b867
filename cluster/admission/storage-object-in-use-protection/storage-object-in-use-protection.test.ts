import { expect, test } from '@jest/globals';
import { admit } from '../testing.ts';
import { storageObjectInUseProtection } from './index.ts';

test.each([
  ['persistentvolumes', undefined, ['kubernetes.io/pv-protection']],
  ['persistentvolumeclaims', ['example.com/mine'], ['example.com/mine', 'kubernetes.io/pvc-protection']],
  ['configmaps', undefined, undefined],
])('%s', (resource, finalizers, expected) => {
  const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', ...(finalizers ? { finalizers } : {}) } };
  expect(admit(storageObjectInUseProtection, resource, { object }).object?.metadata.finalizers).toEqual(expected);
});
