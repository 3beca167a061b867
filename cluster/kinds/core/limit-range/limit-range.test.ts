import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import type { LimitRange, LimitRangeItem } from '../../../api/types.ts';
import { limitRange } from './index.ts';
import { validate } from './validation.ts';

const range = (...limits: LimitRangeItem[]): LimitRange => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'lr', namespace: 'dev' },
  spec: { limits },
});
const defaulted = (item: LimitRangeItem): LimitRange => {
  const object = range(item);
  limitRange.defaults?.(object);
  return object;
};

test.each<[string, LimitRangeItem, Partial<LimitRangeItem>]>([
  [
    'max is the limit, and the request',
    { type: 'Container', max: { cpu: '1' } },
    { default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
  ],
  ['the limit is the request', { type: 'Container', default: { cpu: '500m' } }, { defaultRequest: { cpu: '500m' } }],
  [
    'min is the request where nothing else is',
    { type: 'Container', min: { cpu: '50m' } },
    { defaultRequest: { cpu: '50m' } },
  ],
  ['pods get nothing', { type: 'Pod', max: { cpu: '1' } }, { type: 'Pod', max: { cpu: '1' } }],
])('defaults: %s', (_case, item, expected) => {
  const before = structuredClone(item);
  const [first] = defaulted(item).spec?.limits ?? [];
  expect(first).toEqual({ ...before, ...expected });
});

// as recorded from 1.35.4
test.each<[string, LimitRangeItem, string[]]>([
  ['fine', { type: 'Container', min: { cpu: '50m' }, max: { cpu: '1' } }, []],
  [
    'min above max',
    { type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } },
    [
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
      'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
    ],
  ],
  [
    'default above max',
    { type: 'Container', default: { cpu: '2' }, max: { cpu: '1' } },
    [
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than max value 1',
      'spec.limits[0].default[cpu]: Invalid value: "1": default value 2 is greater than max value 1',
    ],
  ],
  [
    'defaults of a pod',
    { type: 'Pod', default: { cpu: '1' } },
    ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"],
  ],
  [
    'type in small letters',
    { type: 'container', max: { cpu: '1' } },
    ['spec.limits[0].type: Invalid value: "container": must be a standard limit type or fully qualified'],
  ],
  [
    'a claim without sizes',
    { type: 'PersistentVolumeClaim' },
    [
      'spec.limits[0].limits: Required value: ' +
        'either minimum or maximum storage value is required, but neither was provided',
    ],
  ],
  [
    'a ratio below one',
    { type: 'Container', maxLimitRequestRatio: { cpu: '500m' } },
    ['spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1'],
  ],
  [
    'a ratio that min and max rule out',
    { type: 'Pod', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '3' } },
    ['spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000'],
  ],
])('%s', (_case, item, sentences) => {
  expect(validate(defaulted(item)).map(printFieldError)).toEqual(sentences);
});

test('one item of a type', () => {
  const item = { type: 'Pod', max: { cpu: '1' } };
  expect(validate(range(item, item)).map(printFieldError)).toEqual(['spec.limits[1].type: Duplicate value: "Pod"']);
});
