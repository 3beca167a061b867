import { expect, test } from '@jest/globals';
import { format, printf } from './format.ts';

test.each<[string, string[], string]>([
  ['%s\\n', ['a', 'b'], 'a\nb\n'],
  ['%s=%d\\n', ['a', '1', 'b', '2'], 'a=1\nb=2\n'],
  ['%5s|%-5s|', ['a', 'b'], '    a|b    |'],
  ['%03d', ['7'], '007'],
  ['%x %X %o', ['255', '255', '8'], 'ff FF 10'],
  ['%.2f', ['3.14159'], '3.14'],
  ['100%%', ['ignored'], '100%'],
  ['no directive', ['a', 'b'], 'no directive'],
  ['%s', [], ''],
])('printf %j %j', (template, values, expected) => {
  expect(printf(template, values).text).toBe(expected);
});

test('a directive that is none ends what is printed', () => {
  expect(printf('a%z b', ['x'])).toEqual({
    text: 'a',
    faults: [{ kind: 'directive', directive: '%z ', rest: '% b' }],
  });
});
test('awk fills a template once', () => {
  expect(format('%s-%d\n', ['a', 7.9, 'b'])).toBe('a-7\n');
});
