import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalQuantity, parseQuantity, quantity } from './quantity.ts';

const SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'E-2'];
const text = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    whole: fc.integer({ min: 0, max: 99_999 }),
    fraction: fc.constantFrom('', '.5', '.25', '.001', '.'),
    suffix: fc.constantFrom(...SUFFIXES),
  })
  .map(({ sign, whole, fraction, suffix }) => `${sign}${whole}${fraction}${suffix}`);

test('the canonical form is worth the same, and its own canonical form', () => {
  fc.assert(
    fc.property(text, (one) => {
      const written = quantity(one).add(quantity('0')).toString();
      expect(quantity(written).cmp(quantity(one))).toBe(0);
      expect(canonicalQuantity(canonicalQuantity(one))).toBe(canonicalQuantity(one));
    }),
  );
});

test('sums and differences', () => {
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      const [x, y, z] = [quantity(a), quantity(b), quantity(c)];
      expect(x.add(y).cmp(y.add(x))).toBe(0);
      expect(
        x
          .add(y)
          .add(z)
          .cmp(x.add(y.add(z))),
      ).toBe(0);
      expect(x.add(y).sub(y).cmp(x)).toBe(0);
      expect(x.sub(y).sign()).toBe(x.cmp(y));
      expect(x.add(x.neg()).isZero()).toBe(true);
      expect(x.mul(3).cmp(x.add(x).add(x))).toBe(0);
    }),
  );
});

test('the order is one of numbers', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: -100_000, max: 100_000 }), (m, n) => {
      expect(quantity(`${m}m`).cmp(quantity(`${n}m`))).toBe(Math.sign(m - n));
      expect(quantity(`${m}Ki`).cmp(quantity(String(m * 1024)))).toBe(0);
    }),
  );
});

test('any text is a quantity or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789.+-eEKMGimnuk'.split('')) })),
      (one) => {
        const parsed = parseQuantity(one);
        if (parsed) expect(parseQuantity(parsed.toString())?.cmp(parsed)).toBe(0);
      },
    ),
  );
});
