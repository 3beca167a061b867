import { expect, test } from '@jest/globals';
import { parseArrangement } from './split.ts';

test.each<{ name: string; cookies: Record<string, string>; layout: string; split: number; stacked: number }>([
  { name: 'nothing kept', cookies: {}, layout: 'split', split: 38, stacked: 38 },
  {
    name: 'as it was left',
    cookies: { 'drydock-layout': 'stacked', 'drydock-split': '30.5', 'drydock-stacked': '55' },
    layout: 'stacked',
    split: 30.5,
    stacked: 55,
  },
  {
    name: 'out of bounds',
    cookies: { 'drydock-split': '99', 'drydock-stacked': '-1' },
    layout: 'split',
    split: 50,
    stacked: 18,
  },
  {
    name: 'nonsense',
    cookies: { 'drydock-layout': 'x', 'drydock-split': '', 'drydock-stacked': 'wide' },
    layout: 'split',
    split: 38,
    stacked: 38,
  },
])('arrangement: $name', ({ cookies, layout, split, stacked }) => {
  expect(parseArrangement((name) => cookies[name])).toEqual({ layout, percent: { split, stacked } });
});
