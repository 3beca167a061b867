import { expect, test } from '@jest/globals';
import { EMPTY, object, state } from '../testing.ts';
import { eventsCheck, type EventsOptions } from './events.ts';

const event = (reason: string, rest: { count?: number; about?: string; type?: string; message?: string } = {}) =>
  object(
    `{apiVersion: v1, kind: Event, metadata: {name: ${rest.about ?? 'web'}.${reason}, namespace: shop}, involvedObject: {kind: Pod, name: ${rest.about ?? 'web'}}, reason: ${reason}, type: ${rest.type ?? 'Normal'}, message: ${rest.message ?? 'x'}, count: ${rest.count ?? 1}}`,
  );
const killing: EventsOptions['events'] = { namespace: 'shop', about: { kind: 'Pod', name: 'web' }, reason: 'Killing' };
const failed = (object: string, expected: string, actual: string) => ({
  outcome: 'failed',
  findings: [{ object, path: '', expected, actual }],
});

test.each([
  ['one', killing, { min: 1 }, state(event('Killing')), { outcome: 'passed' }],
  ['repeats count', killing, 3, state(event('Killing', { count: 3 })), { outcome: 'passed' }],
  ['none at all', killing, { min: 1 }, EMPTY, failed('Event (shop, Pod web, Killing)', '≥ 1 × Event', '0')],
  [
    'others about the same object',
    killing,
    { min: 1 },
    state(event('Pulled'), event('Created'), event('Killing', { about: 'api' })),
    failed('Event (shop, Pod web, Killing)', '≥ 1 × Event', '0 (Pulled, Created)'),
  ],
  [
    'none is asked for',
    { type: 'Warning' },
    0,
    state(event('Failed', { type: 'Warning' })),
    failed('Event (Warning)', '0 × Event', '1'),
  ],
  [
    'by a part of the sentence',
    { message: 'probe' },
    1,
    state(event('Unhealthy', { message: 'Liveness probe failed' })),
    { outcome: 'passed' },
  ],
  [
    'about any of a kind',
    { about: { kind: 'Pod' } },
    2,
    state(event('A'), event('B', { about: 'api' })),
    { outcome: 'passed' },
  ],
] as [string, EventsOptions['events'], EventsOptions['count'], typeof EMPTY, unknown][])(
  '%s',
  (_, events, count, now, outcome) => {
    expect(eventsCheck.run({ events, count }, { now })).toEqual(outcome);
  },
);

test('a count that everything meets is a problem', () => {
  expect(eventsCheck.problems({ events: killing, count: {} })).toEqual([
    { path: ['count'], message: 'count: any number passes; give min or max' },
  ]);
});
