import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { BodySyntaxError, parseBody } from './body.ts';

const parse = (text: string, type = 'application/json') => parseBody(new TextEncoder().encode(text), type);
const YAML = 'application/yaml';

function refusal(text: string, type?: string): { message: string; summary: string } {
  try {
    parse(text, type);
  } catch (error) {
    if (error instanceof BodySyntaxError) return { message: error.message, summary: error.summary };
    throw error;
  }
  throw new Error('was not refused');
}

// Sentences of a real API server.
test.each([
  ['nothing', '', 'unexpected end of JSON input', '<empty>'],
  ['a word', 'hello', "invalid character 'h' looking for beginning of value", '68656c6c6f'],
  [
    'an end too early',
    '{"apiVersion":"v1","kind":"Pod",',
    'unexpected end of JSON input',
    '{"apiVersion":"v1","kind":"Pod ...',
  ],
  ['a bare key', '{a:1}', "invalid character 'a' looking for beginning of object key string", '{a:1}'],
  ['more after the end', '{} x', "invalid character 'x' after top-level value", '{} x'],
  ['no comma', '[1 2]', "invalid character '2' after array element", '5b3120325d'],
  ['no comma in an object', '{"a":1 "b":2}', `invalid character '"' after object key:value pair`, '{"a":1 "b":2}'],
  ['no colon', '{"a" 1}', "invalid character '1' after object key", '{"a" 1}'],
  ['a bad literal', 'nul!', "invalid character '!' in literal null (expecting 'l')", '6e756c21'],
  ['a line break in a string', '"a\nb"', String.raw`invalid character '\n' in string literal`, '22610a6222'],
  ['a bad escape', String.raw`"\x"`, "invalid character 'x' in string escape code", '225c7822'],
])('JSON: %s', (_, text, message, summary) => {
  expect(refusal(text)).toEqual({ message, summary });
});

test.each([
  ['a nested mapping on a line', 'a: b: c\n', 'yaml: mapping values are not allowed in this context'],
  ['a tab', 'a:\n\tb: c\n', 'yaml: line 2: found character that cannot start any token'],
  ['an alias of nothing', 'a: *b\n', "yaml: unknown anchor 'b' referenced"],
])('YAML: %s', (_, text, message) => {
  expect(refusal(text, YAML).message).toBe(message);
});

test('brackets do not use up the stack', () => {
  const deep = '['.repeat(11_000) + ']'.repeat(11_000);
  expect(refusal(`{"x":${deep}}`).message).toBe("invalid character '[' exceeded max depth");
  expect(refusal(`a: ${deep}\n`, YAML).message).toBe('yaml: exceeded max depth of 10000');
});

test('a bomb of aliases is not unfolded', () => {
  const line = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(of).join(',')}]\n`;
  const bomb = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, i, all) =>
    line(name, i === 0 ? 'x' : `*${all[i - 1]}`),
  );
  expect(refusal(bomb.join(''), YAML).message).toBe('yaml: document contains excessive aliasing');
});

test('many aliases cost no more than the document is long', () => {
  const lines = Array.from({ length: 2000 }, (_, i) => `a${i}: &a${i} x\nb${i}: *a${i}\n`);
  expect(parse(lines.join(''), YAML).json).toMatchObject({ b0: 'x', b1999: 'x' });
});

test.each([
  ['an anchor inside itself', 'a: &a [*a]\n', "yaml: anchor 'a' value contains itself"],
  ['a merge of no map', 'a: {<<: 1}\n', 'yaml: map merge requires map or sequence of maps as the value'],
])('YAML: %s', (_, text, message) => {
  expect(refusal(text, YAML).message).toBe(message);
});

test('a field may have the name of what every object of JavaScript has', () => {
  const text = '{"__proto__":{"polluted":1},"constructor":1}';
  expect(Object.keys(parse(text).json as object)).toEqual(['__proto__', 'constructor']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('YAML is read as version 1.1, as Go reads it', () => {
  const text = 'a: yes\nb: 12:30\nc: 010\nd: 2026-01-01\ne: "1"\n1: x\nf: &x {k: v}\ng: {<<: *x, l: w}\nh: ~\n';
  expect(parse(text, YAML).json).toEqual({
    a: true,
    b: '12:30',
    c: 8,
    d: '2026-01-01',
    e: '1',
    1: 'x',
    f: { k: 'v' },
    g: { k: 'v', l: 'w' },
    h: null,
  });
});

test('fields written twice are told, in their place among other problems; the last one counts', () => {
  const body = parse('{"a":1,"x":1,"l":[{"b":1},{"b":1,"b":2,"c":3}],"a":2}');
  expect(body.problems).toEqual(['duplicate field "l[1].b"', 'duplicate field "a"']);
  expect(body.order(['unknown field "x"', 'unknown field "l[1].c"'])).toEqual([
    'unknown field "x"',
    'duplicate field "l[1].b"',
    'unknown field "l[1].c"',
    'duplicate field "a"',
  ]);
  expect(body.json).toMatchObject({ a: 2 });
});

test('whatever JSON there is reads as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), (value, pretty) => {
      const text = JSON.stringify(value, undefined, pretty ? 2 : 0);
      expect(parse(text).json).toEqual(JSON.parse(text));
    }),
  );
});
