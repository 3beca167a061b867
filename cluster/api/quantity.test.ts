import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalQuantity, parseQuantity, quantity, quantityProblem } from './quantity.ts';

// Printed by Go's resource.ParseQuantity and json.Marshal: text, as written back, Value(), MilliValue().
test.each([
  ['0.5Gi', '512Mi', 536870912, 536870912000],
  ['1.5', '1500m', 2, 1500],
  ['1000m', '1', 1, 1000],
  ['1024Mi', '1Gi', 1073741824, 1073741824000],
  ['1023Mi', '1023Mi', 1072693248, 1072693248000],
  ['0.1Gi', '107374182400m', 107374183, 107374182400],
  ['1e3', '1e3', 1000, 1000000],
  ['1e-1', '100e-3', 1, 100],
  ['0.0015', '1500u', 1, 2],
  ['0.1n', '1n', 1, 1],
  ['1.500', '1.500', 2, 1500],
  ['+5', '+5', 5, 5000],
  ['007', '007', 7, 7000],
  ['0Gi', '0', 0, 0],
  ['-1Mi', '-1Mi', -1048576, -1048576000],
  ['1E', '1E', 1e18, 1e21],
  ['100000k', '100M', 1e8, 1e11],
  [' 1 ', '1', 1, 1000],
  [0.1, '100m', 1, 100],
])('%j is written back as %s', (text, canonical, value, milliValue) => {
  const parsed = quantity(text);
  expect([parsed.toString(), parsed.value(), parsed.milliValue()]).toEqual([canonical, value, milliValue]);
});

test.each([
  ['', 'quantities must match the regular expression'],
  ['abc', 'quantities must match the regular expression'],
  ['1x', 'quantities must match the regular expression'],
  ['1..2', 'quantities must match the regular expression'],
  ['1mi', "unable to parse quantity's suffix"],
  ['1K', "unable to parse quantity's suffix"],
  ['1e', "unable to parse quantity's suffix"],
  ['Pi', 'unable to parse numeric part of quantity'],
])('%j is no quantity', (text, problem) => {
  expect(parseQuantity(text)).toBeUndefined();
  expect(quantityProblem(text)).toMatch(problem);
});

test.each([
  ['512Mi', '512Mi', '1Gi'],
  ['0', '1Gi', '1Gi'],
  ['100m', '1', '1100m'],
  ['1Gi', '1G', '2073741824'],
  ['1', '1Ki', '1025'],
])('%s + %s = %s', (a, b, sum) => {
  expect(quantity(a).add(quantity(b)).toString()).toBe(sum);
});

test('512Mi + 512Mi + 100M keeps the binary format and prints what that allows', () => {
  const sum = ['512Mi', '512Mi', '100M'].map(quantity).reduce((a, b) => a.add(b));
  expect(sum.toString()).toBe('1173741824');
});

test('an absurd exponent costs nothing', () => {
  expect(quantity('1e999999999').sign()).toBe(1);
  expect(quantity('1e-999999999').sign()).toBe(1);
});

const amount = fc
  .tuple(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi'))
  .map(([digits, suffix]) => quantity(`${digits}${suffix}`));

test('adding and taking away again leaves the same amount', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(a.add(b).sub(b).cmp(a)).toBe(0);
      expect(a.add(b).cmp(b.add(a))).toBe(0);
    }),
  );
});

test('what is written back reads as the same amount, and stays as it is', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const text = a.add(b).toString();
      expect(quantity(text).cmp(a.add(b))).toBe(0);
      expect(canonicalQuantity(text)).toBe(text);
    }),
  );
});
