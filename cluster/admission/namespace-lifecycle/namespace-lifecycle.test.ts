import { expect, test } from '@jest/globals';
import type { Namespace } from '../../api/types.ts';
import type { AdmissionRequest } from '../plugin.ts';
import { admit } from '../testing.ts';
import { namespaceLifecycle } from './index.ts';

const namespace = (name: string, phase: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
  status: { phase },
});
const namespaces = [namespace('dev', 'Active'), namespace('leaving', 'Terminating')];
const late = (where: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace: where } });

// as recorded from 1.35.4
test.each<[string, string, Partial<AdmissionRequest>, string | undefined]>([
  ['into a namespace', 'configmaps', { object: late('dev') }, undefined],
  ['into none', 'configmaps', { object: late('shop') }, 'namespaces "shop" not found'],
  [
    'into one that goes',
    'configmaps',
    { object: late('leaving') },
    'configmaps "late" is forbidden: unable to create new content in namespace leaving because it is being terminated',
  ],
  ['a change in one that goes', 'configmaps', { object: late('leaving'), operation: 'UPDATE' }, undefined],
  ['a deletion in none', 'configmaps', { namespace: 'shop', name: 'late', operation: 'DELETE' }, undefined],
  [
    'the end of default',
    'namespaces',
    { name: 'default', operation: 'DELETE' },
    'namespaces "default" is forbidden: this namespace may not be deleted',
  ],
  ['the end of another', 'namespaces', { name: 'dev', operation: 'DELETE' }, undefined],
])('%s', (_case, resource, request, refusal) => {
  expect(admit(namespaceLifecycle, resource, request, { namespaces }).refusal).toBe(refusal);
});
