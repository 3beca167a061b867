import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import type { PersistentVolumeClaim } from '../../../api/types.ts';
import type { KindContext } from '../../kind.ts';
import { persistentVolumeClaim } from './index.ts';
import { validate, validateUpdate, type ClaimSpec } from './validation.ts';

const context = {} as unknown as KindContext;
const good: ClaimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const claim = (spec: ClaimSpec, status?: PersistentVolumeClaim['status']): PersistentVolumeClaim => {
  const object: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'dev' },
    spec: structuredClone(spec),
    ...(status ? { status } : {}),
  };
  persistentVolumeClaim.defaults?.(object);
  return object;
};
const bound = { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] };
const asking = (storage: string): ClaimSpec => ({ ...good, resources: { requests: { storage } } });

// as recorded from 1.35.4
test.each<[string, ClaimSpec, string[]]>([
  ['fine', good, []],
  [
    'empty',
    {},
    ['spec.accessModes: Required value: at least 1 access mode is required', 'spec.resources[storage]: Required value'],
  ],
  [
    'wrong words',
    { accessModes: ['RWO'], resources: { requests: { storage: '0' } }, volumeMode: 'Raw' },
    [
      'spec.accessModes: Unsupported value: "RWO": supported values: ' +
        '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
      'spec.volumeMode: Unsupported value: "Raw": supported values: "Block", "Filesystem"',
    ],
  ],
])('%s', (_case, spec, sentences) => {
  expect(validate(claim(spec)).map(printFieldError)).toEqual(sentences);
});

const IMMUTABLE =
  'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

test.each<[string, PersistentVolumeClaim, PersistentVolumeClaim, string[]]>([
  ['nothing', claim(good), claim(good), []],
  ['the volume, once', claim({ ...good, volumeName: 'pv' }), claim(good), []],
  ['a class where there was none', claim({ ...good, storageClassName: 'fast' }), claim(good), []],
  ['more, when bound', claim(asking('2Gi'), bound), claim(asking('1Gi'), bound), []],
  [
    'more, when not bound',
    claim(asking('2Gi')),
    claim(asking('1Gi')),
    [
      `${IMMUTABLE}\n@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "1Gi"\n` +
        `+   "storage": "2Gi"\n   }\n  },\n  "VolumeName": "",\n`,
    ],
  ],
  [
    'less than there is',
    claim(asking('500Mi'), bound),
    claim(asking('2Gi'), bound),
    ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
  ],
  ['less, but more than there is', claim(asking('1500Mi'), bound), claim(asking('2Gi'), bound), []],
])('an update changes %s', (_case, object, old, sentences) => {
  expect(validateUpdate(object, old).map(printFieldError)).toEqual(sentences);
});

test('a claim shows capacity and modes once it has a volume', () => {
  const before = claim({ ...good, storageClassName: 'manual' });
  expect(persistentVolumeClaim.cells?.(before, context)).toEqual([
    'c',
    'Pending',
    '',
    '',
    '',
    'manual',
    '<unset>',
    null,
    'Filesystem',
  ]);
  const after = claim({ ...good, volumeName: 'pv' }, bound);
  expect(persistentVolumeClaim.cells?.(after, context).slice(0, 5)).toEqual(['c', 'Bound', 'pv', '1Gi', 'RWO']);
});

test.each([
  ['a claim is mirrored', { kind: 'PersistentVolumeClaim', name: 'other' }, true],
  ['what is neither claim nor snapshot is dropped', { apiGroup: 'example.com', kind: 'Disk', name: 'd' }, false],
])('dataSource: %s', (_case, dataSource, kept) => {
  const object = claim({ ...good, dataSource });
  persistentVolumeClaim.prepareForCreate?.(object, context);
  expect(object.spec?.dataSource).toEqual(kept ? dataSource : undefined);
  expect(object.spec?.dataSourceRef).toEqual(kept ? dataSource : undefined);
});
