import { expect, test } from '@jest/globals';
import { judgeLife } from './life.ts';

const MINUTE = 60_000;
const settings = { idleMs: 60 * MINUTE, totalMs: 12 * 60 * MINUTE };

test.each([
  { name: 'somebody is there', quiet: 1, age: 100, verdict: { state: 'awake' } },
  {
    name: 'five minutes before an idle machine sleeps',
    quiet: 55,
    age: 100,
    verdict: {
      state: 'warn',
      why: 'idle',
      sentence:
        'Nothing was typed for 55 minutes: in 5 minutes it is put to sleep. Your files, history and cluster are kept; programs that run are ended. Press any key to keep it awake.',
    },
  },
  {
    name: 'nobody came',
    quiet: 60,
    age: 100,
    verdict: {
      state: 'sleep',
      why: 'idle',
      sentence:
        'Nothing was typed for 60 minutes, so it was put to sleep. Your files, history and cluster are kept; programs that run are ended. Press any key to go on.',
    },
  },
  {
    name: 'up for long, a minute before its end',
    quiet: 0,
    age: 12 * 60 - 1,
    verdict: {
      state: 'warn',
      why: 'total',
      sentence:
        'This machine has been up for 719 minutes: in 1 minute it is put to sleep. Your files, history and cluster are kept; programs that run are ended.',
    },
  },
  { name: 'up for longest', quiet: 0, age: 12 * 60, verdict: { state: 'sleep', why: 'total' } },
])('$name', ({ quiet, age, verdict }) => {
  expect(judgeLife({ quiet: quiet * MINUTE, age: age * MINUTE }, settings)).toMatchObject(verdict);
});

test('0 is never', () => {
  expect(judgeLife({ quiet: 1e12, age: 1e12 }, { idleMs: 0, totalMs: 0 })).toEqual({ state: 'awake' });
});
