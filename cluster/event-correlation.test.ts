import { describe, expect, test } from '@jest/globals';
import { Correlator, type Occurrence } from './event-correlation.ts';

const MINUTE_MS = 60 * 1000;
const saying = (message: string): Occurrence => ({
  component: 'replicaset-controller',
  host: '',
  about: 'u-1 web',
  fieldPath: '',
  type: 'Warning',
  reason: 'FailedCreate',
  message,
});

describe('messages that differ', () => {
  const heard = (times: readonly number[]) => {
    const correlator = new Correlator();
    return times.map((now, i) => correlator.correlate(saying(`pod ${i}`), now));
  };
  test('are events of their own up to the ninth, then one', () => {
    const all = heard(Array.from({ length: 12 }, (_, i) => i));
    expect(all.map(({ combined }) => combined)).toEqual([...Array<boolean>(9).fill(false), true, true, true]);
    expect(all.at(-1)?.message).toBe('(combined from similar events): pod 11');
    expect(new Set(all.map(({ key }) => key)).size).toBe(10);
  });
  test('are counted afresh after ten minutes of silence', () => {
    const all = heard([...Array<number>(9).fill(0), 10 * MINUTE_MS + 1]);
    expect(all.at(-1)?.combined).toBe(false);
  });
});

test('the same message is the same event, however often', () => {
  const correlator = new Correlator();
  const keys = Array.from({ length: 20 }, (_, i) => correlator.correlate(saying('no room'), i).key);
  expect(new Set(keys).size).toBe(1);
});

test('one source says 25 things of an object at once, then one in five minutes', () => {
  const correlator = new Correlator();
  const admitted = Array.from({ length: 30 }, () => correlator.admits(saying('x'), 0));
  expect(admitted.filter(Boolean)).toHaveLength(25);
  expect(correlator.admits(saying('x'), 4 * MINUTE_MS)).toBe(false);
  expect(correlator.admits(saying('x'), 5 * MINUTE_MS)).toBe(true);
  expect(correlator.admits({ ...saying('x'), about: 'u-2 api' }, 0)).toBe(true);
});
