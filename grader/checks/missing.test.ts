import { expect, test } from '@jest/globals';
import { EMPTY, object, state } from '../testing.ts';
import { missingCheck } from './missing.ts';

const missing = { kind: 'Namespace', name: 'trial' };
const finding = { object: 'Namespace trial', path: '', expected: '', actual: 'Namespace trial' };

test('passes when the object is gone', () => {
  const now = state(object('{apiVersion: v1, kind: Namespace, metadata: {name: trials}}'));
  expect(missingCheck.run({ missing }, { now, before: EMPTY })).toEqual({ outcome: 'passed' });
});

test('fails when it is there', () => {
  const now = state(object('{apiVersion: v1, kind: Namespace, metadata: {name: trial}}'));
  expect(missingCheck.run({ missing }, { now, before: EMPTY })).toEqual({ outcome: 'failed', findings: [finding] });
});

test('fails while it is on its way out, and says so', () => {
  const now = state(object('{apiVersion: v1, kind: Namespace, metadata: {name: trial, deletionTimestamp: x}}'));
  expect(missingCheck.run({ missing }, { now, before: EMPTY })).toMatchObject({
    outcome: 'failed',
    findings: [finding],
    nearMiss: { en: 'Namespace trial was deleted and is on its way out; something may still hold it.' },
  });
});
