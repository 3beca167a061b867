import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import type { StorageClass } from '../../api/types.ts';
import type { UpdateContext } from '../kind.ts';
import { csiDriver } from './csi-driver.ts';
import { storageClass } from './storage-class.ts';
import { unifiedDiff } from './unified-diff.ts';

const context = {} as unknown as UpdateContext;
const made = (rest: Partial<StorageClass>): StorageClass => {
  const object = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast' },
    provisioner: 'example.com/disk',
    ...rest,
  };
  storageClass.defaults?.(object);
  return object;
};

// as recorded from 1.35.4
test.each<[string, Partial<StorageClass>, string[]]>([
  ['fine', {}, []],
  ['nobody provides', { provisioner: '' }, ['provisioner: Required value']],
  [
    'wrong words',
    { reclaimPolicy: 'Recycle', volumeBindingMode: 'WaitForConsumer' },
    [
      'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
      'volumeBindingMode: Unsupported value: "WaitForConsumer": supported values: "Immediate", "WaitForFirstConsumer"',
    ],
  ],
])('%s', (_case, rest, sentences) => {
  expect(storageClass.validate?.(made(rest), context).map(printFieldError)).toEqual(sentences);
});

test.each<[string, Partial<StorageClass>, string[]]>([
  ['expansion', { allowVolumeExpansion: true }, []],
  ['provisioner', { provisioner: 'other' }, ['provisioner: Forbidden: updates to provisioner are forbidden.']],
  ['reclaimPolicy', { reclaimPolicy: 'Retain' }, ['reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.']],
  ['parameters', { parameters: { a: 'b' } }, ['parameters: Forbidden: updates to parameters are forbidden.']],
  [
    'binding mode',
    { volumeBindingMode: 'WaitForFirstConsumer' },
    ['volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable'],
  ],
])('an update of %s', (_case, rest, sentences) => {
  expect(storageClass.validateUpdate?.(made(rest), made({}), context).map(printFieldError)).toEqual(sentences);
});

test('kubectl marks the default', () => {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  expect(storageClass.cells?.(made({ metadata: { name: 'fast', annotations } }), context)).toEqual([
    'fast (default)',
    'example.com/disk',
    'Delete',
    'Immediate',
    false,
    null,
  ]);
});

test('a driver says what it does', () => {
  const driver = { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'd' } };
  csiDriver.defaults?.(driver);
  expect(csiDriver.cells?.(driver, context)).toEqual(['d', true, false, false, '<unset>', false, 'Persistent', null]);
});

test.each<[string, string[], string[], string]>([
  ['the same', ['a'], ['a'], ''],
  ['one of one', ['a'], ['b'], '@@ -1 +1 @@\n-a\n+b\n'],
  ['a line more', ['a', 'b'], ['a', 'x', 'b'], '@@ -1,2 +1,3 @@\n a\n+x\n b\n'],
  [
    'far apart',
    ['1', 'a', '2', '3', '4', '5', '6', '7', '8', '9', 'b'],
    ['1', 'A', '2', '3', '4', '5', '6', '7', '8', '9', 'B'],
    '@@ -1,5 +1,5 @@\n 1\n-a\n+A\n 2\n 3\n 4\n@@ -8,4 +8,4 @@\n 7\n 8\n 9\n-b\n+B\n',
  ],
])('the difference of %s', (_case, a, b, expected) => {
  expect(unifiedDiff(a, b)).toBe(expected);
});
