import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import type { Namespace } from '../../../api/types.ts';
import type { UpdateContext } from '../../kind.ts';
import { namespace } from './index.ts';

const context = { subresource: '' } as unknown as UpdateContext;
const made = (name: string, rest: Partial<Namespace> = {}): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
  ...rest,
});

test('a new namespace is active, labelled with its name and held by its finalizer', () => {
  const object = made('team', { spec: { finalizers: ['example.com/mine'] }, status: { phase: 'Terminating' } });
  namespace.defaults?.(object);
  namespace.prepareForCreate?.(object, context);
  expect(object).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'team' } },
    spec: { finalizers: ['example.com/mine', 'kubernetes'] },
    status: { phase: 'Active' },
  });
});

test('only the finalize subresource changes finalizers', () => {
  const old = made('team', { spec: { finalizers: ['kubernetes'] } });
  const object = made('team', { spec: { finalizers: [] } });
  namespace.prepareForUpdate?.(object, old, context);
  expect(object.spec?.finalizers).toEqual(['kubernetes']);
  const finalized = made('team', { spec: { finalizers: [] } });
  namespace.prepareForUpdate?.(finalized, old, { ...context, subresource: 'finalize' });
  expect(finalized.spec?.finalizers).toEqual([]);
});

test.each([
  ['active', {}, 'Active', []],
  ['terminating too early', {}, 'Terminating', ["may only be 'Active' if `deletionTimestamp` is empty"]],
  [
    'active while deleted',
    { deletionTimestamp: '2026-01-01T00:00:00Z' },
    'Active',
    ["may only be 'Terminating' if `deletionTimestamp` is not empty"],
  ],
] as const)('status: %s', (_case, metadata, phase, details) => {
  const object = made('team', { metadata: { name: 'team', ...metadata }, status: { phase } });
  expect(namespace.validateStatusUpdate?.(object, object, context).map(printFieldError)).toEqual(
    details.map((detail) => `status.Phase: Invalid value: "${phase}": ${detail}`),
  );
});

test('kubectl prints name, phase and age', () => {
  const object = made('team', { status: { phase: 'Active' } });
  object.metadata.creationTimestamp = '2026-01-01T00:00:00Z';
  expect(namespace.cells?.(object, context)).toEqual(['team', 'Active', '2026-01-01T00:00:00Z']);
  expect(namespace.fields?.(object)).toMatchObject({ 'status.phase': 'Active' });
});
