import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import type { PersistentVolume } from '../../../api/types.ts';
import type { KindContext, UpdateContext } from '../../kind.ts';
import { persistentVolume } from './index.ts';
import { validate, validateUpdate } from './validation.ts';

type Spec = NonNullable<PersistentVolume['spec']>;
const NOW = Date.UTC(2026, 0, 1);
const context = { clock: { now: () => NOW }, subresource: 'status' } as unknown as UpdateContext & KindContext;
const good: Spec = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' } };
const volume = (spec: Spec): PersistentVolume => {
  const object = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' }, spec: structuredClone(spec) };
  persistentVolume.defaults?.(object);
  return object;
};

test('a new volume is kept, has a file system and waits', () => {
  const object = volume(good);
  persistentVolume.prepareForCreate?.(object, context);
  expect(object.spec).toMatchObject({
    persistentVolumeReclaimPolicy: 'Retain',
    volumeMode: 'Filesystem',
    hostPath: { path: '/data', type: '' },
  });
  expect(object.status).toEqual({ phase: 'Pending', lastPhaseTransitionTime: '2026-01-01T00:00:00Z' });
});

test('a new phase is dated, the same phase keeps its date', () => {
  const old = { ...volume(good), status: { phase: 'Pending', lastPhaseTransitionTime: '2025-01-01T00:00:00Z' } };
  const same = { ...volume(good), status: { phase: 'Pending' } };
  const bound = { ...volume(good), status: { ...old.status, phase: 'Bound' } };
  persistentVolume.prepareForStatusUpdate?.(same, old, context);
  persistentVolume.prepareForStatusUpdate?.(bound, old, context);
  expect(same.status).toEqual(old.status);
  expect(bound.status).toEqual({ phase: 'Bound', lastPhaseTransitionTime: '2026-01-01T00:00:00Z' });
});

// as recorded from 1.35.4
test.each<[string, Spec, string[]]>([
  ['fine', good, []],
  [
    'empty',
    {},
    [
      'spec.accessModes: Required value',
      'spec.capacity: Required value',
      'spec.capacity: Unsupported value: null: supported values: "storage"',
      'spec: Required value: must specify a volume type',
    ],
  ],
  [
    'wrong words',
    {
      ...good,
      accessModes: ['ReadWriteSome'],
      persistentVolumeReclaimPolicy: 'Retained',
      nfs: { server: 's', path: '/' },
    },
    [
      'spec.accessModes: Unsupported value: "ReadWriteSome": supported values: ' +
        '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Retained": supported values: "Delete", "Recycle", "Retain"',
      'spec.nfs: Forbidden: may not specify more than 1 volume type',
    ],
  ],
  [
    'local without a node',
    { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, local: { path: '/d' } },
    ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
  ],
  [
    'amounts and paths',
    { accessModes: ['ReadWriteOnce'], capacity: { cpu: '1', storage: '0' }, hostPath: { path: '/tmp/../up' } },
    [
      'spec.capacity: Unsupported value: {"cpu":"1","storage":"0"}: supported values: "storage"',
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
      'spec.hostPath.path: Invalid value: "/tmp/../up": must not contain \'..\'',
    ],
  ],
  [
    'one pod and more',
    { ...good, accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] },
    ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
  ],
])('%s', (_case, spec, sentences) => {
  expect(validate(volume(spec)).map(printFieldError)).toEqual(sentences);
});

test('where the storage is does not change', () => {
  const changed = volume({ ...good, hostPath: { path: '/other' } });
  expect(validateUpdate(changed, volume(good)).map(printFieldError)).toEqual([
    [
      'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
      '@@ -2,7 +2,7 @@',
      '  "GCEPersistentDisk": null,',
      '  "AWSElasticBlockStore": null,',
      '  "HostPath": {',
      '-  "Path": "/data",',
      '+  "Path": "/other",',
      '   "Type": ""',
      '  },',
      '  "Glusterfs": null,',
      '',
    ].join('\n'),
  ]);
});

test('node affinity, once set, stays', () => {
  const on = (node: string): Spec => ({
    ...good,
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }],
      },
    },
  });
  expect(validateUpdate(volume(on('node01')), volume(good))).toEqual([]);
  expect(validateUpdate(volume(on('node02')), volume(on('node01'))).map(printFieldError)).toEqual([
    'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":' +
      '[{"Key":"kubernetes.io/hostname","Operator":"In","Values":["node02"]}],"MatchFields":null}]}}: ' +
      'field is immutable, except for updating from beta label to GA',
  ]);
});

test('kubectl prints what it is and who has it', () => {
  const object = volume({ ...good, claimRef: { namespace: 'dev', name: 'data' }, storageClassName: 'manual' });
  object.status = { phase: 'Bound' };
  expect(persistentVolume.cells?.(object, context)).toEqual([
    'pv',
    '1Gi',
    'RWO',
    'Retain',
    'Bound',
    'dev/data',
    'manual',
    '<unset>',
    '',
    null,
    'Filesystem',
  ]);
});

test('Recycle is warned about', () => {
  expect(persistentVolume.warnings?.(volume({ ...good, persistentVolumeReclaimPolicy: 'Recycle' }), undefined)).toEqual(
    [
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. ' +
        'Instead, the recommended approach is to use dynamic provisioning.',
    ],
  );
});
