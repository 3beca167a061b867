import { expect, test } from '@jest/globals';
import type { Json } from '#cluster/api/types.ts';
import { yamlText } from './write-yaml.ts';

// as a real server answered them
test.each<[string, Json, string]>([
  ['keys sorted, lists not indented', { b: [1, { d: 'x', c: [] }], a: {} }, 'a: {}\nb:\n- 1\n- c: []\n  d: x\n'],
  ['numbers in keys by their value', { k10: '', k9: '' }, 'k9: ""\nk10: ""\n'],
  [
    'texts that look like something else',
    { a: '12', b: 'yes', c: 'null', d: '1e3', e: '2020-01-01' },
    'a: "12"\nb: "yes"\nc: "null"\nd: "1e3"\ne: "2020-01-01"\n',
  ],
  [
    'what has to be quoted',
    { a: ' x', b: 'a: b', c: 'a #b', d: '*a', e: '- a', f: '<a>' },
    "a: ' x'\nb: 'a: b'\nc: 'a #b'\nd: '*a'\ne: '- a'\nf: <a>\n",
  ],
  [
    'lines',
    { a: 'one\ntwo\n', b: 'one\ntwo', c: '  lead\n' },
    'a: |\n  one\n  two\nb: |-\n  one\n  two\nc: |2\n    lead\n',
  ],
  ['a blank at the end of a line', { a: 'x \ny' }, 'a: "x \\ny"\n'],
  ['beyond the basic plane', { a: 'é☃😀' }, 'a: "é☃\\U0001F600"\n'],
])('%s', (_, value, text) => {
  expect(yamlText(value)).toBe(text);
});
