import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import type { ResourceQuota } from '../../../api/types.ts';
import type { UpdateContext } from '../../kind.ts';
import { resourceQuota } from './index.ts';

type Spec = NonNullable<ResourceQuota['spec']>;
const context = { subresource: '' } as unknown as UpdateContext;
const quota = (spec: Spec, status?: ResourceQuota['status']): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'dev', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec,
  ...(status ? { status } : {}),
});
const priority = (operator: string, values?: string[]) => ({
  matchExpressions: [{ scopeName: 'PriorityClass', operator, ...(values ? { values } : {}) }],
});

// sentences as recorded from 1.35.4
test.each<[string, Spec, string[]]>([
  ['plain', { hard: { pods: '4', 'requests.cpu': '1', 'count/deployments.apps': '2' } }, []],
  ['a fraction of a pod', { hard: { pods: '1500m' } }, ['spec.hard[pods]: Invalid value: "1500m": must be an integer']],
  [
    'less than nothing',
    { hard: { cpu: '-1' } },
    ['spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
  ],
  [
    'an unknown name',
    { hard: { widgets: '1' } },
    [
      'spec.hard[widgets]: Invalid value: "widgets": must be a standard resource type or fully qualified',
      'spec.hard[widgets]: Invalid value: "widgets": must be a standard resource for quota',
    ],
  ],
  ['storage by class', { hard: { 'gold.storageclass.storage.k8s.io/requests.storage': '1Gi' } }, []],
  [
    'scope that does not fit',
    { hard: { 'requests.cpu': '1' }, scopes: ['BestEffort'] },
    ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
  ],
  [
    'opposite scopes',
    { hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] },
    ['spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes'],
  ],
  ['unknown scope', { scopes: ['Sometimes'] }, ['spec.scopes: Invalid value: ["Sometimes"]: unsupported scope']],
  ['selector', { hard: { pods: '1' }, scopeSelector: priority('In', ['high']) }, []],
  [
    'values where none belong',
    { hard: { pods: '1' }, scopeSelector: priority('Exists', ['high']) },
    [
      'spec.scopeSelector.matchExpressions.values: Invalid value: ["high"]: ' +
        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
    ],
  ],
  [
    'no values where some belong',
    { hard: { pods: '1' }, scopeSelector: priority('In') },
    [
      'spec.scopeSelector.matchExpressions.values: Required value: ' +
        "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ],
  ],
])('%s', (_case, spec, sentences) => {
  expect(resourceQuota.validate?.(quota(spec), context).map(printFieldError)).toEqual(sentences);
});

test('scopes stay as they are, in any order', () => {
  const old = quota({ hard: { pods: '1' }, scopes: ['BestEffort', 'Terminating'] });
  const update = (scopes: string[]) =>
    resourceQuota.validateUpdate?.(quota({ hard: { pods: '1' }, scopes }), old, context).map(printFieldError);
  expect(update(['Terminating', 'BestEffort'])).toEqual([]);
  expect(update(['NotBestEffort'])).toEqual(['spec.scopes: Invalid value: ["NotBestEffort"]: field is immutable']);
});

test('kubectl prints requests and counts apart from limits', () => {
  const object = quota({}, { hard: { 'limits.cpu': '2', pods: '4', 'requests.cpu': '1' }, used: { pods: '1' } });
  expect(resourceQuota.cells?.(object, context)).toEqual([
    'q',
    'pods: 1/4, requests.cpu: 0/1',
    'limits.cpu: 0/2',
    '2026-01-01T00:00:00Z',
  ]);
});

test.each([
  ['no more than may be used', { 'requests.cpu': '1', 'limits.cpu': '1000m' }, []],
  [
    'more than may be used',
    { 'requests.memory': '1Gi', 'limits.memory': '600Mi' },
    ['ResourceQuota requests.memory (1Gi) should be less than limits.memory (600Mi)'],
  ],
  ['by its bare name', { cpu: '2', 'limits.cpu': '1' }, ['ResourceQuota cpu (2) should be less than limits.cpu (1)']],
  ['no limit', { 'requests.cpu': '2' }, []],
])('a warning when requests may be %s', (_case, hard, sentences) => {
  expect(resourceQuota.warnings?.(quota({ hard }), undefined)).toEqual(sentences);
});
