import { expect, test } from '@jest/globals';
import { warningHeaders } from './warning-headers.ts';

const utf8 = (header: string | undefined) => Buffer.from(header ?? '', 'latin1').toString('utf8');

test.each([
  ['quotes and backslashes are escaped', ['a "b" \\c'], ['299 - "a \\"b\\" \\\\c"']],
  ['each sentence is told once', ['a', 'b', 'a'], ['299 - "a"', '299 - "b"']],
  ['what no header can hold is left out', ['a\nb', '', 'c'], ['299 - "c"']],
])('%s', (_, sentences, headers) => {
  expect(warningHeaders(sentences)).toEqual(headers);
});

test('other alphabets go out as UTF-8', () => {
  const [header] = warningHeaders(['unknown field "이름"']);
  expect(utf8(header)).toBe('299 - "unknown field \\"이름\\""');
});

test('too much of it is cut, sentence by sentence, and ends after a while', () => {
  const headers = warningHeaders(Array.from({ length: 30 }, (_, i) => `${i} ${'x'.repeat(300)}`));
  expect(headers).toHaveLength(16);
  expect(headers[0]).toHaveLength('299 - ""'.length + 256);
});
