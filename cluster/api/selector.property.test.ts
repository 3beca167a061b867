import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { matches, parseFieldSelector, parseLabelSelector, requirementsText } from './selector.ts';
import { StatusError } from './status.ts';

const KEYS = ['app', 'tier', 'example.com/zone'];
const VALUES = ['', 'a', 'b', '7', '12', 'in', 'notin'];
const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);
const labels = fc.dictionary(key, value);

type Term =
  | { key: string; is: '=' | '==' | '!='; value: string }
  | { key: string; is: 'in' | 'notin'; values: string[] }
  | { key: string; is: 'exists' | 'missing' }
  | { key: string; is: '>' | '<'; bound: number };

const term: fc.Arbitrary<Term> = fc.oneof(
  fc.record({ key, is: fc.constantFrom('=' as const, '==' as const, '!=' as const), value }),
  fc.record({
    key,
    is: fc.constantFrom('in' as const, 'notin' as const),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key, is: fc.constantFrom('exists' as const, 'missing' as const) }),
  fc.record({ key, is: fc.constantFrom('>' as const, '<' as const), bound: fc.integer({ min: 0, max: 20 }) }),
);

function textOf(one: Term): string {
  if ('values' in one) return `${one.key} ${one.is} (${one.values.join(',')})`;
  if ('value' in one) return `${one.key}${one.is}${one.value}`;
  if ('bound' in one) return `${one.key}${one.is}${one.bound}`;
  return one.is === 'exists' ? one.key : `!${one.key}`;
}

/** The documentation's words, one by one. */
function holds(one: Term, of: Record<string, string>): boolean {
  const has = Object.hasOwn(of, one.key);
  const actual = of[one.key] ?? '';
  if ('values' in one)
    return one.is === 'in' ? has && one.values.includes(actual) : !has || !one.values.includes(actual);
  if ('value' in one) return one.is === '!=' ? !has || actual !== one.value : has && actual === one.value;
  if ('bound' in one) {
    if (!has || !/^[0-9]+$/.test(actual)) return false;
    return one.is === '>' ? Number(actual) > one.bound : Number(actual) < one.bound;
  }
  return has === (one.is === 'exists');
}

test('a selector selects what its terms say', () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 4 }), labels, (terms, of) => {
      const requirements = parseLabelSelector(terms.map(textOf).join(','));
      expect(matches(requirements, of)).toBe(terms.every((one) => holds(one, of)));
    }),
  );
});

test('a selector written out and read again is the same', () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 4 }), (terms) => {
      const requirements = parseLabelSelector(terms.map(textOf).join(','));
      expect(requirementsText(parseLabelSelector(requirementsText(requirements)))).toBe(requirementsText(requirements));
    }),
  );
});

test.each([
  ['label', parseLabelSelector],
  ['field', parseFieldSelector],
])('any text is a %s selector or refused', (_, parse) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'a=!(),<>in \\.-/"'.split('')) })),
      (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError);
          expect((error as StatusError).code).toBe(400);
        }
      },
    ),
  );
});
