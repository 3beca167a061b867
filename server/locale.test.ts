import { expect, test } from '@jest/globals';
import { chooseLocale } from './locale.ts';

test.each([
  { name: 'the cookie decides', cookie: 'en', header: 'ko', locale: 'en' },
  { name: 'a cookie of nonsense does not', cookie: 'fr', header: 'ko-KR', locale: 'ko' },
  { name: 'the first language that we speak', cookie: undefined, header: 'fr, ko;q=0.8, en;q=0.5', locale: 'ko' },
  { name: 'by weight, not place', cookie: undefined, header: 'en;q=0.3, ko;q=0.9', locale: 'ko' },
  { name: 'one refused', cookie: undefined, header: 'ko;q=0', locale: 'en' },
  { name: 'none', cookie: undefined, header: undefined, locale: 'en' },
])('locale: $name', ({ cookie, header, locale }) => {
  expect(chooseLocale(cookie, header)).toBe(locale);
});
