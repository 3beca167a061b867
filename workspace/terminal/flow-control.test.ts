import { expect, test } from '@jest/globals';
import { array, assert, integer, property } from 'fast-check';
import { createFlowControl } from './flow-control.ts';

type Step = ['sent' | 'acknowledged', number] | ['clear'];

const cases: { name: string; steps: Step[]; changes: boolean[]; left: number }[] = [
  { name: 'at the high mark output still flows', steps: [['sent', 100]], changes: [], left: 100 },
  {
    name: 'over the high mark it pauses once',
    steps: [
      ['sent', 101],
      ['sent', 50],
    ],
    changes: [true],
    left: 151,
  },
  {
    name: 'at the low mark it stays paused',
    steps: [
      ['sent', 120],
      ['acknowledged', 100],
    ],
    changes: [true],
    left: 20,
  },
  {
    name: 'under the low mark it resumes',
    steps: [
      ['sent', 120],
      ['acknowledged', 101],
    ],
    changes: [true, false],
    left: 19,
  },
  {
    name: 'too much acknowledged heals at zero',
    steps: [
      ['sent', 10],
      ['acknowledged', 99],
    ],
    changes: [],
    left: 0,
  },
  {
    name: 'a negative acknowledgement counts as none',
    steps: [
      ['sent', 10],
      ['acknowledged', -5],
    ],
    changes: [],
    left: 10,
  },
  { name: 'clear resumes', steps: [['sent', 500], ['clear']], changes: [true, false], left: 0 },
];

test.each(cases)('flow control: $name', ({ steps, changes, left }) => {
  const seen: boolean[] = [];
  const flow = createFlowControl({ high: 100, low: 20, onChange: (paused) => seen.push(paused) });
  for (const step of steps) {
    if (step[0] === 'clear') flow.clear();
    else flow[step[0]](step[1]);
  }
  expect(seen).toEqual(changes);
  expect(flow.unacknowledged).toBe(left);
});

test('flow control: everything acknowledged always ends unpaused', () => {
  assert(
    property(array(integer({ min: 0, max: 300 })), (chunks) => {
      const flow = createFlowControl({ high: 100, low: 20, onChange: () => undefined });
      for (const chunk of chunks) flow.sent(chunk);
      for (const chunk of chunks) flow.acknowledged(chunk);
      expect(flow.paused).toBe(false);
      expect(flow.unacknowledged).toBe(0);
    }),
  );
});

test('flow control: marks that could never resume are refused', () => {
  const marks = { high: 10, low: 10, onChange: () => undefined };
  expect(() => createFlowControl(marks)).toThrow('flow control needs 0 < low < high, not low 10 and high 10');
});
