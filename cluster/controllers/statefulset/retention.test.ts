import { expect, test } from '@jest/globals';
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types.ts';
import { make } from '../testing.ts';
import { blocksCreation, isControlledByOther, isUpToDate, ownersFor } from './retention.ts';

type Policy = 'Retain' | 'Delete';
const set = (whenDeleted: Policy, whenScaled: Policy): StatefulSet =>
  make('apps/v1', 'StatefulSet', 'web', {
    metadata: { name: 'web', namespace: 'default', uid: 'set-uid' },
    spec: { replicas: 2, persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } },
  });
const pod = (ordinal: number): Pod =>
  make('v1', 'Pod', `web-${ordinal}`, {
    metadata: { name: `web-${ordinal}`, namespace: 'default', uid: `pod-${ordinal}` },
  });
const claim = (...ownerReferences: OwnerReference[]): PersistentVolumeClaim =>
  make('v1', 'PersistentVolumeClaim', 'data-web-0', {
    metadata: { name: 'data-web-0', namespace: 'default', ownerReferences },
  });
const owner = (kind: string, name: string, uid: string, controller?: boolean): OwnerReference => ({
  apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
  kind,
  name,
  uid,
  ...(controller === undefined ? {} : { controller, blockOwnerDeletion: true }),
});
const SET = owner('StatefulSet', 'web', 'set-uid', true);
const podOwner = (ordinal: number) => owner('Pod', `web-${ordinal}`, `pod-${ordinal}`, true);

test.each<[Policy, Policy, number, OwnerReference[]]>([
  ['Retain', 'Retain', 0, []],
  ['Retain', 'Retain', 5, []],
  ['Delete', 'Retain', 0, [SET]],
  ['Delete', 'Retain', 5, [SET]],
  ['Retain', 'Delete', 0, []],
  ['Retain', 'Delete', 5, [podOwner(5)]],
  ['Delete', 'Delete', 0, [SET]],
  ['Delete', 'Delete', 5, [podOwner(5)]],
])('whenDeleted %s, whenScaled %s, place %s of two', (whenDeleted, whenScaled, ordinal, owners) => {
  const of = set(whenDeleted, whenScaled);
  expect(ownersFor(claim(), of, pod(ordinal))).toEqual(owners);
  expect(isUpToDate(claim(...owners), of, pod(ordinal))).toBe(true);
  // what another policy left is taken away
  expect(ownersFor(claim(SET, podOwner(ordinal)), of, pod(ordinal))).toEqual(owners);
});

test('somebody else who controls the claim keeps it', () => {
  const other = owner('Deployment', 'mine', 'other-uid', true);
  const of = set('Delete', 'Delete');
  expect(isControlledByOther(claim(other), of, pod(0))).toBe(true);
  expect(isUpToDate(claim(other), of, pod(0))).toBe(true);
  expect(isUpToDate(claim(other, { ...SET, controller: false }), of, pod(0))).toBe(false);
  expect(ownersFor(claim(other, SET), of, pod(0))).toEqual([other]);
  expect(isControlledByOther(claim(other), set('Retain', 'Retain'), pod(0))).toBe(false);
});

test('a reference without a controller is mended', () => {
  expect(isUpToDate(claim(owner('StatefulSet', 'web', 'set-uid')), set('Delete', 'Retain'), pod(0))).toBe(false);
});

test('a claim of an earlier set or pod of the name is left alone, and a pod scaled away holds up its successor', () => {
  const earlier = owner('Pod', 'web-0', 'earlier', true);
  expect(isUpToDate(claim(earlier), set('Delete', 'Delete'), pod(0))).toBe(true);
  expect(blocksCreation(claim(earlier), set('Retain', 'Delete'), pod(0))).toBe(true);
  expect(blocksCreation(claim(earlier), set('Delete', 'Retain'), pod(0))).toBe(false);
  expect(blocksCreation(claim(SET), set('Retain', 'Delete'), pod(0))).toBe(false);
});
