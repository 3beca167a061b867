/** What awk's variables hold, and what is reckoned with it. */
import { RE2JS } from 're2js';
import { format, general } from '../format.ts';
import { AwkFault } from './syntax.ts';

/** Text that looks like a number is both, when it came from the input. */
export type Value = string | number | Input | undefined;
export class Input {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Store = Map<string, Value>;

const NUMERIC = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

export const numberOf = (value: Value): number => {
  if (typeof value === 'number') return value;
  const text = value instanceof Input ? value.text : (value ?? '');
  return Number(/^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/.exec(text)?.[0] ?? 0);
};
export const isNumeric = (value: Value): boolean =>
  typeof value === 'number' || value === undefined || (value instanceof Input && NUMERIC.test(value.text));

const patterns = new Map<string, RE2JS>();
export function patternOf(source: string): RE2JS {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  let made: RE2JS;
  try {
    made = RE2JS.compile(source.replace(/\\(["&%@ ])/g, '$1'));
  } catch {
    throw new AwkFault(`bad regex '${source}': Invalid regular expression`);
  }
  if (patterns.size > 200) patterns.clear();
  patterns.set(source, made);
  return made;
}

/** `precision`: CONVFMT, or OFMT where it is printed. */
export function textOf(value: Value, how = '%.6g'): string {
  if (typeof value === 'string') return value;
  if (value instanceof Input) return value.text;
  if (value === undefined) return '';
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value) : shown(value, how);
}
export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (value instanceof Input) return NUMERIC.test(value.text) ? Number(value.text) !== 0 : value.text !== '';
  return value !== undefined && value !== '';
}

function shown(value: number, how: string): string {
  const [, precision, kind = 'g'] = /^%\.?(\d*)([dfeg])/.exec(how) ?? [];
  return kind === 'g'
    ? general(value, precision === '' || precision === undefined ? 6 : Number(precision))
    : format(how, [value]);
}

export const calculate = (operator: string, a: number, b: number): number =>
  operator === '+'
    ? a + b
    : operator === '-'
      ? a - b
      : operator === '*'
        ? a * b
        : operator === '/'
          ? a / b
          : operator === '%'
            ? a % b
            : a ** b;

export function splitBy(text: string, pattern: RE2JS): string[] {
  const matcher = pattern.matcher(text);
  const parts: string[] = [];
  let last = 0;
  while (matcher.find()) {
    if (matcher.end() === matcher.start()) continue;
    parts.push(text.slice(last, matcher.start()));
    last = matcher.end();
  }
  parts.push(text.slice(last));
  return parts;
}
export function substituted(
  text: string,
  pattern: RE2JS,
  replacement: string,
  all: boolean,
): { changed: string; count: number } {
  const matcher = pattern.matcher(text);
  let changed = '';
  let last = 0;
  let count = 0;
  while (matcher.find()) {
    count++;
    const found = matcher.group() ?? '';
    changed +=
      text.slice(last, matcher.start()) +
      replacement.replace(/\\\\|\\&|&/g, (one) => (one === '&' ? found : one === '\\&' ? '&' : '\\'));
    last = matcher.end();
    if (!all) break;
  }
  return { changed: changed + text.slice(last), count };
}
