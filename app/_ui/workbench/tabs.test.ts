import { expect, test } from '@jest/globals';
import { after, firstTabs } from './tabs.ts';

test.each([
  { name: 'none open yet', prefix: '', open: [], names: ['1'] },
  { name: 'a question’s first', prefix: 'q3-', open: [], names: ['q3-1'] },
  { name: 'by number, not by age', prefix: '', open: ['10', '2', '1'], names: ['1', '2', '10'] },
  { name: 'names that are no number are not ours', prefix: 'q1-', open: ['q1-x', 'q1-2'], names: ['q1-2'] },
])('tabs: $name', ({ prefix, open, names }) => {
  expect(firstTabs({ path: '/ws/terminal/a', prefix, open }).map((tab) => tab.name)).toEqual(names);
});

test.each([
  { name: 'the right neighbour', gone: 'b', shown: 'c' },
  { name: 'the left one at the end', gone: 'c', shown: 'b' },
])('shown after one has gone: $name', ({ gone, shown }) => {
  const tabs = ['a', 'b', 'c'].map((name, index) => ({ name, number: index + 1 }));
  expect(after(tabs, gone)).toBe(shown);
});
