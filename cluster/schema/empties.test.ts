import { expect, test } from '@jest/globals';
import type { KubeObject } from '../api/types.ts';
import { decodeObject } from './decode.ts';
import { alike, takeEmpties, withEmpties } from './empties.ts';

const decoded = (json: object, schemaName: string): KubeObject =>
  decodeObject(json, schemaName, undefined, { keepsEmpties: true }).object;
const QUOTA = 'io.k8s.api.core.v1.ResourceQuota';
const quota = () => decoded({ metadata: { name: 'q', labels: {} }, spec: { scopes: [], hard: {} } }, QUOTA);

test('what is written but empty is there until it is taken out, and back while it is looked at', () => {
  const object = quota();
  const stored = decodeObject({ metadata: { name: 'q' }, spec: {} }, QUOTA).object;
  expect(object).toMatchObject({ metadata: { labels: {} }, spec: { scopes: [], hard: {} } });
  const empties = takeEmpties(object);
  expect(object).toEqual(stored);
  expect(withEmpties(empties, () => structuredClone(object))).toEqual(quota());
  expect(object).toEqual(stored);
});

test('what was filled in meanwhile stays', () => {
  const object = quota();
  const empties = takeEmpties(object);
  object.metadata.labels = { a: 'b' };
  expect(withEmpties(empties, () => structuredClone(object.metadata.labels))).toEqual({ a: 'b' });
  expect(object.metadata.labels).toEqual({ a: 'b' });
});

test('a list that Go never leaves out is null once taken out', () => {
  const object = decoded({ metadata: { name: 'r' }, rules: [] }, 'io.k8s.api.rbac.v1.Role');
  expect(object).toMatchObject({ rules: [] });
  const empties = takeEmpties(object);
  expect(object).toMatchObject({ rules: null });
  expect(withEmpties(empties, () => structuredClone(object))).toMatchObject({ rules: [] });
  expect(object).toMatchObject({ rules: null });
});

test('owners that are to be forgotten are not taken for nothing', () => {
  const object = decoded({ metadata: { name: 'q', managedFields: [] } }, QUOTA);
  expect(takeEmpties(object)).toEqual([]);
  expect(object.metadata.managedFields).toEqual([]);
});

test('a stored object without a list is like a new one with an empty list', () => {
  const stored = quota();
  takeEmpties(stored);
  const frozen = Object.freeze(stored);
  expect(alike(frozen, takeEmpties(quota()))).toEqual(quota());
  expect(frozen).toEqual(stored);
  expect(alike(frozen, [])).toBe(frozen);
});

test.each<[string, unknown, string]>([
  ['none', [], ''],
  ['two', [104, 105], 'aGk='],
  ['nothing for a byte', [null], 'AA=='],
])('bytes as a list: %s', (_, list, text) => {
  expect(decoded({ data: { a: list } }, 'io.k8s.api.core.v1.Secret')).toMatchObject({ data: { a: text } });
});
